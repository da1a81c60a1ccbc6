// Reads [[{name, url, sdl}]] from the file it is told, writes what Apollo's composition makes of each list of subgraphs.
import { readFileSync } from "node:fs";
import { composeServices } from "@apollo/composition";
import { parse } from "graphql";

const told = JSON.parse(readFileSync(process.argv[2], "utf8")).map((subgraphs) => {
  const { supergraphSdl, errors } = composeServices(
    subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) })),
  );
  return errors?.length ? { refused: errors.map(String) } : { supergraph: supergraphSdl };
});
process.stdout.write(JSON.stringify(told), () => process.exit(0));
