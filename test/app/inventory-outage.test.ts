import { expect, test } from '@jest/globals';
import { makeStock } from '../support/disconnect-steps.js';
import { askedAboutNumbers, bought, HOUR, passesUntil, said, walked } from '../support/inventory.js';
import { describeWith, postgres } from '../support/servers.js';
import { startTcpProxy } from '../support/tcp-proxy.js';
import { startWorld } from '../support/world.js';

describeWith([postgres], 'While the database is down', () => {
  test('a list and its file say so, and never that there are no numbers', async () => {
    const proxy = await startTcpProxy(postgres.host, postgres.port);
    const url = postgres.fresh(proxy.port);
    const world = await startWorld({ settings: { STORE_URL: url } });
    try {
      expect(await said(world, 'list')).toContain("I'm still reading the account's numbers");
      proxy.cut();
      for (const words of ['list', 'list Raleigh', 'list unexplained', 'list csv']) {
        expect(await said(world, words)).toContain("I can't reach my database right now");
      }
      proxy.restore();
      let answer = '';
      while (!answer.includes('There is no file yet.')) answer = await said(world, 'list csv');
    } finally {
      proxy.restore();
      await world.close();
      await proxy.close();
      await postgres.discard(url);
    }
  });
});

describeWith([postgres], 'When the database goes down in the middle of a walk', () => {
  test('half of the account is never taken for all of it, and the walk continues', async () => {
    const proxy = await startTcpProxy(postgres.host, postgres.port);
    const url = postgres.fresh(proxy.port);
    const world = await startWorld({
      clockStands: true,
      settings: { STORE_URL: url },
      bandwidth: { inService: { ours: makeStock(2_600).all } },
    });
    const interruptions = () =>
      world.log.filter(({ msg }) => msg === 'inventory walk interrupted, will continue').length;
    /** Takes the database away when this page is asked for, before it is answered, until the walk has noticed. */
    const isAwayFrom = async (call: string) => {
      const asked = () => askedAboutNumbers(world).filter((each) => each === call).length;
      const before = asked();
      const noticed = interruptions();
      const stopListening = world.bandwidth.on('change', () => {
        if (asked() === before) return;
        stopListening();
        proxy.cut();
      });
      await passesUntil(world, () => interruptions() > noticed, 'the walk rests');
      expect(await said(world, 'drift')).toContain("I can't reach my database right now");
      proxy.restore();
      let answer = '';
      while (!answer.includes('As of') && !answer.includes('still reading'))
        answer = await said(world, 'list');
      return answer;
    };
    try {
      await bought(world, '910-241-4365');
      expect(await isAwayFrom('GET api/tns 1')).toContain("I'm still reading the account's numbers");
      const drift = await said(world, 'drift');
      expect(drift).toContain("I haven't listed all of the account's numbers yet");
      expect(drift).not.toContain('gone');
      await walked(world);
      expect(await said(world, 'list')).toContain('1–10 of 2,601');

      // Until the next walk has ended, what the last one found stays on record.
      world.bandwidth.leaves('9102420007');
      world.goesBy(HOUR);
      expect(await isAwayFrom('GET api/tns 1')).toContain('1–10 of 2,601');
      expect(await said(world, 'drift')).not.toContain('gone');
      await walked(world);
      expect(await said(world, 'list')).toContain('1–10 of 2,600');
      expect(await said(world, 'drift')).not.toContain('gone');
    } finally {
      proxy.restore();
      await world.close();
      await proxy.close();
      await postgres.discard(url);
    }
  });
});

describeWith([postgres], 'With a database that several instances can use', () => {
  test('the account is read although no order is followed', async () => {
    const url = postgres.fresh();
    const world = await startWorld({
      settings: { STORE_URL: url },
      bandwidth: { inService: { ours: makeStock(12).all } },
    });
    try {
      let answer = '';
      // An answer that began before the account was read may end after it.
      while (answer === '' || answer.includes('still reading')) answer = await said(world, 'list');
      expect(answer).toContain('1–10 of 12');
    } finally {
      await world.close();
      await postgres.discard(url);
    }
  });
});
