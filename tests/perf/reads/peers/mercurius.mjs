// Mercurius with graphql-jit: a resolver for the page and, for what hangs on it, a loader as its
// documentation has them (LOOK_AHEAD=1: one statement instead, its lists made by PostgreSQL).
// No token, no scope, no cost.
import Fastify from "fastify";
import mercurius from "mercurius";
import pg from "pg";

const { DATABASE_URL, SCHEMA, MENTEE, PROGRESS, PORT, CONNECTIONS, LOOK_AHEAD } = process.env;

pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: Number(CONNECTIONS) });

const schema = `
  type Query { mentees(first: Int!, after: String): Mentees! }
  type Mentees { nodes: [Mentee!]! pageInfo: PageInfo! }
  type PageInfo { hasNextPage: Boolean! endCursor: String }
  type Mentee {
    id: ID! programme: String! area: String! technicalArea: String! since: String!
    fiscalYear: Int! status: String! baselineRaw: Int baselineMax: Int validated: Int!
    competencyCount: Int lastAssessedOn: String competencies: [Progress!]!
  }
  type Progress {
    competency: String! name: String! raw: Int! max: Int! assessedOn: String! validatedOn: String
  }`;

const progress = `competency, name, raw, max, assessed_on AS "assessedOn",
  validated_on AS "validatedOn"`;
const behind = `, coalesce((SELECT json_agg(p ORDER BY competency) FROM (SELECT ${progress}
  FROM "${SCHEMA}"."${PROGRESS}" WHERE mentee_id = m.id) p), '[]') AS competencies`;
const page = {
  name: "page",
  text: `SELECT id, programme, area, technical_area AS "technicalArea", since,
    fiscal_year AS "fiscalYear", status, baseline_raw AS "baselineRaw",
    baseline_max AS "baselineMax", coalesce(validated, 0) AS validated,
    competencies AS "competencyCount", last_assessed_on AS "lastAssessedOn"
    ${LOOK_AHEAD ? behind : ""}
    FROM "${SCHEMA}"."${MENTEE}" m
    WHERE since IS NOT NULL AND (since, id) > ($2::date, $3::uuid)
    ORDER BY since, id LIMIT $1`,
};
const BEGINNING = ["-infinity", "00000000-0000-0000-0000-000000000000"];
const lists = {
  name: "lists",
  text: `SELECT mentee_id, ${progress} FROM "${SCHEMA}"."${PROGRESS}"
    WHERE mentee_id = ANY($1::uuid[]) ORDER BY mentee_id, competency`,
};

const resolvers = {
  Query: {
    async mentees(_, { first, after }) {
      const [since, id] = after ? JSON.parse(Buffer.from(after, "base64url")) : BEGINNING;
      const { rows } = await pool.query({ ...page, values: [first + 1, since, id] });
      const nodes = rows.slice(0, first);
      const last = nodes.at(-1);
      const endCursor =
        last && Buffer.from(JSON.stringify([last.since, last.id])).toString("base64url");
      return { nodes, pageInfo: { hasNextPage: rows.length > first, endCursor } };
    },
  },
};
const loaders = {
  Mentee: {
    competencies: {
      async loader(queries) {
        const ids = queries.map(({ obj }) => obj.id);
        const { rows } = await pool.query({ ...lists, values: [ids] });
        const found = new Map(ids.map((id) => [id, []]));
        for (const row of rows) found.get(row.mentee_id).push(row);
        return ids.map((id) => found.get(id));
      },
      opts: { cache: false },
    },
  },
};

const app = Fastify();
app.register(mercurius, { schema, resolvers, jit: 1, ...(LOOK_AHEAD ? {} : { loaders }) });
await app.listen({ port: Number(PORT), host: "127.0.0.1" });
