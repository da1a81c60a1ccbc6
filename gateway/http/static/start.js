// Starts GraphiQL on this page's own endpoint, with the example query that the gateway was given.
const ask = (request, accept, options, signal) =>
  fetch('/graphql', {
    method: 'POST',
    headers: { accept, 'content-type': 'application/json', ...(options && options.headers) },
    body: JSON.stringify(request),
    signal,
  });

// A subscription, over Server-Sent Events; EventSource can send neither a POST nor a token.
const follow = (request, options) => {
  const stopped = new AbortController();
  const answers = async function* () {
    const response = await ask(request, 'text/event-stream', options, stopped.signal);
    if (!response.headers.get('content-type').startsWith('text/event-stream')) {
      yield await response.json();
      return;
    }
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    let waiting = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const events = (waiting + decoder.decode(value, { stream: true })).split('\n\n');
      waiting = events.pop();
      for (const event of events) {
        if (event.startsWith('event: next')) yield JSON.parse(event.slice(event.indexOf('data:') + 5));
      }
    }
  };
  const running = answers();
  const iterator = {
    next: () => running.next().catch((error) => (stopped.signal.aborted ? { done: true } : Promise.reject(error))),
    return: async () => {
      stopped.abort();
      return { done: true };
    },
  };
  return { [Symbol.asyncIterator]: () => iterator };
};

const fetcher = async (request, options) => {
  const definitions = (options && options.documentAST && options.documentAST.definitions) || [];
  const operations = definitions.filter((one) => one.kind === 'OperationDefinition');
  const named = operations.find((one) => one.name && one.name.value === request.operationName);
  const operation = named || operations[0];
  if (operation && operation.operation === 'subscription') return follow(request, options);
  const response = await ask(request, 'application/graphql-response+json, application/json', options);
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
