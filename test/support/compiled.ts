import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { transformSync } from '@swc/core';

/**
 * Puts the programs of `src/` and `sandbox/` into this folder, with the same layout, so that a test can start a
 * separate process: only a process can be killed. `bundle-programs.mjs` has built them.
 */
export function compileSource(into: string): void {
  cpSync(process.env.TEST_PROGRAMS ?? '', into, { recursive: true });
  linkPackages(into);
}

/** The benchmarks, each file by itself where `tsconfig.bench.json` puts it, without the libraries they compare with. */
export function compileBench(into: string): void {
  for (const part of ['src', 'sandbox', 'bench']) compile(part, join(into, 'dist', 'dev', part));
  linkPackages(into);
}

function compile(from: string, into: string): void {
  mkdirSync(into, { recursive: true });
  cpSync(from, into, {
    recursive: true,
    filter: (source, target) => {
      if (basename(source) === 'node_modules') return false;
      if (!source.endsWith('.ts')) return true;
      const { code } = transformSync(readFileSync(source, 'utf8'), {
        jsc: {
          parser: { syntax: 'typescript' },
          target: 'es2023',
          experimental: { keepImportAttributes: true },
        },
        module: { type: 'es6' },
      });
      writeFileSync(target.replace(/\.ts$/, '.js'), code);
      return false;
    },
  });
}

function linkPackages(into: string): void {
  writeFileSync(join(into, 'package.json'), '{"type":"module"}');
  symlinkSync(resolve('node_modules'), join(into, 'node_modules'));
}
