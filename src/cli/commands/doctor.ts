import { existsSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Command } from '../command.ts';
import { findBrowser } from '../browser.ts';
import { defaultDataDir } from '../data-dir.ts';
import { findElectron, missingDisplay, PRODUCT_ROOT } from '../node-modules.ts';
import { usageOf } from '../usage.ts';
import { messageOf } from '../../domain/refusal.ts';

const help = `tradewright doctor [--data-dir D] [--json]

Says what this machine has and lacks. "ok" is false when something is missing that paper trading needs;
what only narrows the comfort (no Electron, no keychain) is listed under "notes".`;

interface Findings {
  ok: boolean;
  problems: string[];
  notes: string[];
  [name: string]: unknown;
}

/** SQLite loaded and writing: the journal's ground. */
async function probeSqlite(): Promise<string> {
  const { default: Database } = await import('better-sqlite3');
  const folder = mkdtempSync(join(tmpdir(), 'tradewright-doctor-'));
  try {
    const database = new Database(join(folder, 'probe.sqlite'));
    database.pragma('journal_mode = WAL');
    const version = database.prepare('select sqlite_version()').pluck().get();
    database.close();
    return String(version);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A read returns null both for "no keychain" and for "no entry": only a write tells them apart. */
async function probeKeychain(): Promise<string | null> {
  try {
    const { Entry } = await import('@napi-rs/keyring');
    const entry = new Entry('tradewright-doctor', 'probe');
    entry.setPassword('probe');
    entry.deletePassword();
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

export const command: Command = {
  name: 'doctor',
  summary: 'what this machine has and lacks: Node, Electron, browser, keychain, disk, clock',
  help,
  async run(args, io) {
    const { values } = usageOf(() =>
      parseArgs({
        args: [...args],
        options: {
          'data-dir': { type: 'string' },
          json: { type: 'boolean', default: false },
          help: { type: 'boolean', default: false },
        },
        strict: true,
      }),
    );
    if (values.help) {
      io.out(`${help}\n`);
      return 0;
    }
    const findings: Findings = { ok: true, problems: [], notes: [] };
    findings['node'] = process.versions.node;
    if (Number(process.versions.node.split('.')[0]) < 22)
      findings.problems.push(`Node ${process.versions.node} is too old: run "npm ci" to bring Node 24.`);

    try {
      findings['sqlite'] = await probeSqlite();
    } catch (error) {
      findings['sqlite'] = null;
      findings.problems.push(`SQLite does not work: ${messageOf(error)}`);
    }

    const electron = findElectron(process.env);
    findings['electron'] = electron.path;
    if (electron.path === null)
      findings.notes.push(`No Electron window: ${electron.reason}. The browser window is used instead.`);
    const display = missingDisplay(process.env, process.platform);
    findings['display'] = display === null;
    if (display !== null)
      findings.notes.push(`No window can be shown: ${display}. Open the printed URL from a machine with one.`);
    const browser = findBrowser(process.env);
    findings['browser'] = browser;
    if (browser === null) findings.notes.push('No Chromium was found; the default browser or the printed URL is used.');

    findings['window'] = existsSync(join(PRODUCT_ROOT, 'out', 'renderer', 'index.html'));
    if (findings['window'] === false)
      findings.notes.push('The window is not built: "npm start" or "npm run build" does it.');

    const keychain = await probeKeychain();
    findings['keychain'] = keychain === null;
    if (keychain !== null) findings.notes.push(`Live trading is disabled, no keychain: ${keychain}`);

    const dataDir = values['data-dir'] ?? defaultDataDir(process.env, process.platform, homedir());
    findings['dataDir'] = dataDir;
    try {
      const disk = statfsSync(nearestExisting(dataDir));
      const free = disk.bavail * disk.bsize;
      findings['diskFreeBytes'] = free;
      if (free < 200_000_000)
        findings.problems.push(
          `Only ${Math.floor(free / 1e6)} MB are free where the journal lives; free at least 200 MB.`,
        );
    } catch (error) {
      findings.problems.push(`The data folder cannot be read: ${messageOf(error)}`);
    }
    try {
      const probe = mkdtempSync(join(nearestExisting(dataDir), '.tradewright-'));
      writeFileSync(join(probe, 'write'), 'x');
      rmSync(probe, { recursive: true, force: true });
      findings['dataDirWritable'] = true;
    } catch {
      findings['dataDirWritable'] = false;
      findings.problems.push(`The data folder ${dataDir} is not writable; choose another with --data-dir.`);
    }

    // Offset to an exchange needs a connection; offline the wall clock is only checked against the monotonic one.
    const drift = Math.abs(Date.now() - (performance.timeOrigin + performance.now()));
    findings['clockOffsetMs'] = null;
    findings['clockStepMs'] = Math.round(drift);
    findings.notes.push('Clock offset to an exchange is not measured: no exchange is connected.');
    if (drift > 1_000) findings.problems.push(`The machine's clock jumped by ${Math.round(drift)} ms; set it by NTP.`);

    findings.ok = findings.problems.length === 0;
    if (values.json) io.out(`${JSON.stringify(findings)}\n`);
    else {
      for (const [name, value] of Object.entries(findings)) {
        if (name !== 'problems' && name !== 'notes') io.out(`${name.padEnd(16)} ${String(value)}\n`);
      }
      for (const note of findings.notes) io.out(`note             ${note}\n`);
      for (const problem of findings.problems) io.out(`PROBLEM          ${problem}\n`);
    }
    return findings.ok ? 0 : 1;
  },
};

function nearestExisting(path: string): string {
  let current = path;
  for (;;) {
    try {
      statfsSync(current);
      return current;
    } catch {
      const parent = join(current, '..');
      if (parent === current) return current;
      current = parent;
    }
  }
}
