// Reads as one viewer: identity and rows in one prepared statement, the same shape as the product's own.
import pg from "pg";

const pool = new pg.Pool({
  connectionString: process.env.GATEWAY_DATABASE_URL,
  max: Number(process.env.DATABASE_POOL_SIZE),
  options: "-c enable_bitmapscan=off", // as the product's own pool has it
});

const SETTINGS = ["app.user_id", "app.organization_id", "app.role", "app.guided_organization_ids"];

/** A prepared statement; `body` reads its parameters as columns `viewer.<name>` of the given SQL types. */
export function asViewer(name, body, keys) {
  const settings = SETTINGS.map((setting, index) => `set_config('${setting}', $${index + 1}, true)`);
  const columns = Object.entries(keys).map(
    ([key, type], index) => `$${SETTINGS.length + index + 1}::${type} AS ${key}`,
  );
  const text =
    `WITH viewer AS MATERIALIZED (SELECT ${[...settings, ...columns].join(", ")})\n` +
    `SELECT found.* FROM viewer CROSS JOIN LATERAL (\n  SELECT * FROM (${body}) AS body OFFSET 0\n) AS found`;
  return { name, text };
}

/** The rows of a statement as the viewer sees them. */
export async function read(statement, settings, ...keys) {
  const values = [...SETTINGS.map((setting) => settings[setting]), ...keys];
  return (await pool.query({ ...statement, values })).rows;
}
