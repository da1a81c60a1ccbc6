// Reads [{supergraph, requests}] from the file it is told, writes the answers of Hive Gateway, or why one does not load.
import { readFileSync } from "node:fs";
import { createGatewayRuntime } from "@graphql-hive/gateway";

const told = [];
for (const { supergraph, requests } of JSON.parse(readFileSync(process.argv[2], "utf8"))) {
  try {
    const gateway = createGatewayRuntime({ supergraph, logging: false, maskedErrors: false });
    const answers = [];
    for (const request of requests) {
      const response = await gateway.fetch("http://gateway/graphql", {
        method: "POST",
        headers: { "content-type": "application/json", accept: "application/json" },
        body: JSON.stringify(request),
      });
      answers.push(await response.json());
    }
    await gateway[Symbol.asyncDispose]();
    told.push({ answers });
  } catch (error) {
    told.push({ refused: String(error) });
  }
}
process.stdout.write(JSON.stringify(told), () => process.exit(0));
