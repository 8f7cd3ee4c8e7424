import { type Answer, type CarrierRequest, empty } from './call.js';
import type { LocalCarrier } from './carrier.js';
import { readXml } from './read-xml.js';
import { routes } from './routes.js';
import { spelled, type Version, versionAt, wrongNumbers } from './versions.js';

/** Returns Bandwidth's answer to an authenticated request, in the version of its path. */
export async function answerRequest(carrier: LocalCarrier, asked: CarrierRequest): Promise<Answer> {
  const version = versionAt(asked.path);
  const request = { ...asked, apiUrl: asked.apiUrl.replace(/\/api$/, version.base) };
  const answer = await answerIn(version, carrier, request);
  return { ...answer, body: version.write(spelled(answer.body, carrier.switches())) };
}

async function answerIn(version: Version, carrier: LocalCarrier, request: CarrierRequest): Promise<Answer> {
  const path = version.readPath(request.path.replace(/^\/api(?:\/v[12])?(?=\/)/, ''));
  const query = version.readQuery(request.query);
  if (path === undefined || query === undefined) return wrongNumbers;
  const account = /^\/accounts\/([^/]+)\/(.+)$/.exec(path);
  // Another account: forbidden, without an explanation.
  if (account !== null && account[1] !== carrier.accountId) return empty(403);
  const rest = account?.[2] ?? path;
  const found = routes
    .filter(({ json }) => json !== true || version.e164)
    .map((route) => ({ route, ids: match(route.path, rest) }))
    .filter((each) => each.ids !== undefined);
  const chosen = found.find(({ route }) => route.method === request.method);
  if (chosen === undefined) return empty(found.length > 0 ? 405 : 404);
  const { role, json } = chosen.route;
  if (role !== undefined && carrier.switches().lacksRoles.includes(role)) return empty(403);
  carrier.reservations.expire();
  const carriesBody = request.method === 'POST' || request.method === 'PUT';
  const expected = json === true ? /^application\/json\b/ : /^(?:application|text)\/xml\b/;
  if (carriesBody && !expected.test(request.contentType)) return empty(415);
  const xml = version.readXml(carriesBody && json !== true ? await readXml(request.body) : undefined);
  if (xml === 'wrong numbers') return wrongNumbers;
  return chosen.route.answer({
    carrier,
    request,
    query,
    id: chosen.ids?.at(-1) ?? '',
    ids: chosen.ids ?? [],
    xml,
    version,
  });
}

/** Returns the ids in the path; undefined when the path doesn't match. */
function match(pattern: string, path: string): readonly string[] | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const ids: string[] = [];
  for (const [at, part] of wanted.entries()) {
    const actual = given[at] ?? '';
    if (part === '*' && actual !== '') ids.push(decodeURIComponent(actual));
    else if (part !== actual) return undefined;
  }
  return ids;
}
