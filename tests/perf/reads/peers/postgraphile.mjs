// PostGraphile 5 over the read models as they are: no token, no scope, no cost.
// What the tables do not say (read models have no foreign keys) is said by smart tags.
import { createServer } from "node:http";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { jsonPgSmartTags } from "postgraphile/utils";

const { DATABASE_URL, SCHEMA, MENTEE, PROGRESS, PORT, CONNECTIONS } = process.env;

const told = jsonPgSmartTags({
  version: 1,
  config: {
    class: {
      [`${SCHEMA}.${MENTEE}`]: { tags: { name: "mentee" } },
      [`${SCHEMA}.${PROGRESS}`]: {
        tags: {
          name: "competency_progress",
          foreignKey: `(mentee_id) references ${SCHEMA}.${MENTEE} (id)|@foreignFieldName progress`,
          foreignSimpleFieldName: "progressList",
          behavior: "+list -connection",
        },
      },
    },
  },
});

const pgl = postgraphile({
  extends: [PostGraphileAmberPreset],
  plugins: [told],
  pgServices: [
    makePgService({
      connectionString: DATABASE_URL,
      schemas: [SCHEMA],
      poolConfig: { max: Number(CONNECTIONS), min: Number(CONNECTIONS) },
    }),
  ],
  grafserv: { graphiql: false, watch: false, outputDataAsString: true },
});
const server = createServer();
server.on("error", (error) => {
  throw error;
});
await pgl.createServ(grafserv).addTo(server);
server.listen(Number(PORT), "127.0.0.1");
