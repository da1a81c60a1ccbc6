// Reads [{supergraph, requests}] from the file it is told, writes the answers of Apollo Gateway, or why one does not load.
import { readFileSync } from "node:fs";
import { ApolloGateway } from "@apollo/gateway";
import { ApolloServer } from "@apollo/server";

const told = [];
for (const { supergraph, requests } of JSON.parse(readFileSync(process.argv[2], "utf8"))) {
  try {
    const gateway = new ApolloGateway({ supergraphSdl: supergraph });
    const server = new ApolloServer({ gateway, logger: { debug() {}, info() {}, warn() {}, error() {} } });
    await server.start();
    const answers = [];
    for (const request of requests) {
      const { body } = await server.executeOperation(request);
      answers.push(body.singleResult);
    }
    await server.stop();
    told.push({ answers });
  } catch (error) {
    told.push({ refused: String(error) });
  }
}
process.stdout.write(JSON.stringify(told), () => process.exit(0));
