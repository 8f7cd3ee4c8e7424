import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readEnvironment } from './app-settings.js';
import { type Sandbox, type SandboxOptions, startSandbox } from './start-sandbox.js';

const usage = `npm run sandbox -- [--port 3999] [--data data/sandbox] [--fresh] [--http]

  --port   the port of the page on 127.0.0.1 (or set PORT)
  --data   the folder that keeps everything until the next start
  --fresh  delete what is in that folder and start over
  --http   connect the app by signed HTTP requests instead of Socket Mode

Policy settings, such as APPROVALS_REQUIRED=2 or POLICY_FILE=policy.yml, can be set in the environment, or on the
page's tab Settings.
`;
const DEFAULT_PORT = '3999';
/**
 * npm forwards a Ctrl-C that the terminal has already sent to this process; only a later one counts as a second Ctrl-C.
 */
const SECOND_CTRL_C_AFTER_MS = 1_000;

const write = (text: string) => void process.stdout.write(`${text}\n`);
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

function refuse(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

function readOptions(): SandboxOptions {
  const { values } = (() => {
    try {
      return parseArgs({
        options: {
          port: { type: 'string', default: process.env.PORT || DEFAULT_PORT },
          data: { type: 'string', default: 'data/sandbox' },
          fresh: { type: 'boolean', default: false },
          http: { type: 'boolean', default: false },
          help: { type: 'boolean', default: false },
        },
      });
    } catch (error) {
      return refuse(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    }
  })();
  if (values.help) {
    write(usage);
    process.exit(0);
  }
  if (!/^\d+$/.test(values.port) || Number(values.port) > 65_535) {
    refuse(`--port must be a number from 0 to 65535, not “${values.port}”.`);
  }
  return {
    port: Number(values.port),
    data: values.data,
    fresh: values.fresh,
    http: values.http,
    program: here('../src/main.js'),
    assets: here('../../../sandbox/page/assets'),
    manifest: here('../../../manifest.yml'),
  };
}

function sentenceFor(error: unknown, { port }: SandboxOptions): string {
  if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
    return `Port ${port} is in use, perhaps by another sandbox. Choose a different one with --port.`;
  }
  return error instanceof Error ? error.message : String(error);
}

const options = readOptions();
const environment = readEnvironment(process.env);
if (environment.ignored.length > 0) {
  write(
    `Ignored: ${environment.ignored.join(', ')}. The sandbox has a Slack, a Bandwidth and a database of its own.`,
  );
}
let stopping = 0;
let sandbox: Sandbox | undefined;

async function stop(code: number): Promise<never> {
  await sandbox?.close();
  process.exit(code);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (stopping > 0) {
      if (Date.now() - stopping > SECOND_CTRL_C_AFTER_MS) process.exit(1);
      return;
    }
    stopping = Date.now();
    if (sandbox === undefined) process.exit(0);
    write('Stopping.');
    void stop(0);
  });
}

sandbox = await startSandbox({ ...options, environment }).catch((error: unknown) =>
  refuse(sentenceFor(error, options)),
);
write(`The sandbox is open at ${sandbox.url}`);
write(`Everything is kept in ${options.data}. Press Ctrl-C to stop.`);

const code = await sandbox.app.ended;
if (stopping === 0) {
  process.stderr.write(`The app exited with code ${code}. Its log:\n${sandbox.app.output()}\n`);
  await stop(1);
}
