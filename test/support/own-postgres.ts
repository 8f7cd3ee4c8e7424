import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../sandbox/free-port.js';
import { temporaryFolder } from './folder.js';

/** A PostgreSQL server of one test's own, on 127.0.0.1, that can be killed. */
export interface OwnPostgres {
  readonly url: string;
  /** SIGKILL to the server; its sessions end with it. */
  kill(): Promise<void>;
  /** Resolves when it accepts connections. */
  start(): Promise<void>;
  remove(): Promise<void>;
}

const INSTALLED = '/usr/lib/postgresql';

/** The folder of its programs; undefined if there are none. */
function programs(): string | undefined {
  if (!existsSync(INSTALLED)) return undefined;
  const byVersion = readdirSync(INSTALLED).sort((one, other) => Number(other) - Number(one));
  return byVersion
    .map((version) => join(INSTALLED, version, 'bin'))
    .find((folder) => existsSync(join(folder, 'initdb')));
}

export const isPostgresInstalled = programs() !== undefined;

/** The user it runs as: it refuses to run as root. */
function user(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (which: string) => Number(execFileSync('id', [which, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

export async function makeOwnPostgres(): Promise<OwnPostgres> {
  const bin = programs();
  if (bin === undefined) throw new Error(`there are no programs of PostgreSQL in ${INSTALLED}`);
  const folder = temporaryFolder();
  const data = join(folder.path, 'data');
  const port = await freePort();
  const as = user();
  mkdirSync(data, { mode: 0o700 });
  if (as.uid !== undefined && as.gid !== undefined) {
    chmodSync(folder.path, 0o755);
    chownSync(data, as.uid, as.gid);
  }
  const init = ['-D', data, '-U', 'postgres', '--auth=trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  execFileSync(join(bin, 'initdb'), init, { ...as, cwd: data, stdio: 'ignore' });
  let server: ChildProcess | undefined;

  /**
   * False if it exited instead: the sessions of a server that was killed take a while to end, and keep the next server
   * from starting.
   */
  async function starts(): Promise<boolean> {
    const settings = { listen_addresses: '127.0.0.1', port, unix_socket_directories: data };
    const given = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const started = spawn(join(bin ?? '', 'postgres'), ['-D', data, ...given], {
      ...as,
      cwd: data,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    server = started;
    const ready = new Promise<boolean>((resolve) => {
      started.stderr?.on('data', (said: Buffer) => {
        if (String(said).includes('ready to accept connections')) resolve(true);
      });
      started.once('exit', () => resolve(false));
    });
    return ready;
  }
  async function start(): Promise<void> {
    for (let attempt = 0; attempt < 50; attempt++) {
      if (await starts()) return;
      await pause(200);
    }
    throw new Error('PostgreSQL did not start');
  }
  async function kill(): Promise<void> {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, 'exit');
    server.kill('SIGKILL');
    await gone;
  }

  await start();
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    kill,
    start,
    async remove() {
      await kill();
      folder.remove();
    },
  };
}
