// Starts GraphiQL on this page's own endpoint, with the example query that the gateway was given.
const fetcher = async (request, options) => {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: {
      accept: 'application/graphql-response+json, application/json',
      'content-type': 'application/json',
      ...(options && options.headers),
    },
    body: JSON.stringify(request),
  });
  return response.json();
};

const start = async () => {
  const example = await (await fetch('/graphiql/example.graphql')).text();
  const page = React.createElement(GraphiQL, {
    fetcher,
    defaultQuery: example,
    defaultHeaders: JSON.stringify({ Authorization: 'Bearer <paste the output of: linli token>' }, null, 2),
    isHeadersEditorEnabled: true,
    shouldPersistHeaders: false,
  });
  ReactDOM.createRoot(document.getElementById('graphiql')).render(page);
};

start();
