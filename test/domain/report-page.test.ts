import { keyOf } from '../../shared/domain/asset';
import { makeReport } from '../../shared/domain/report';
import type { ReportInput } from '../../shared/domain/report-input';
import { reportPage } from '../../shared/domain/report-page';
import { goodFailover, outcome, tally } from '../support/report-samples';
import { cancelledFailover, dryRun, roughFailover } from '../support/report-samples-trouble';

function pageOf(input: ReportInput): string {
  return reportPage(makeReport(input));
}

/** The text that a reader sees, without markup. */
function textOf(page: string): string {
  return page
    .replace(/<style>[^]*<\/style>/, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
}

describe('what the page says', () => {
  test('leads with the verdict and the ten steps, then with what needs a person', () => {
    const page = pageOf(roughFailover());
    const places = ['<h1>', 'id="steps"', 'id="person"', 'id="readiness"', 'id="timeline"', 'id="rest"'];

    const found = places.map((place) => page.indexOf(place));

    expect(found.every((at) => at > 0)).toBe(true);
    expect([...found].sort((a, b) => a - b)).toEqual(found);
  });

  test('names every failed, blocked and conflicting asset with its reason', () => {
    const report = makeReport(roughFailover());
    const text = textOf(reportPage(report));
    const trouble = report.outcomes.filter(({ outcome: verb }) =>
      ['failed', 'blocked', 'conflict'].includes(verb),
    );

    expect(trouble).toHaveLength(4);
    for (const { key, reason } of trouble) {
      expect(text).toContain(key);
      expect(text).toContain(reason);
    }
  });

  test('tells what would keep a failover from working, and what to do about it', () => {
    const text = textOf(pageOf(dryRun()));

    expect(text).toContain('If it happened now: not ready');
    expect(text).toContain('tier 1: 41 jobs, not ready');
    expect(text).toContain('name a replacement: rewrite.nodeTypes.Standard_NC6s_v3');
    expect(text).toContain('job/5, and 1 more');
    expect(textOf(pageOf(goodFailover()))).not.toContain('If it happened now');
  });

  test('never cuts failures, and says how much else it leaves out', () => {
    const all = [
      ...Array.from({ length: 700 }, (_one, at) => outcome('job', `f${at}.`, 'failed', 'no')),
      ...Array.from({ length: 700 }, (_one, at) => outcome('job', `r${at}.`, 'restored', 'created')),
    ];
    const text = textOf(pageOf(goodFailover({ outcomes: all, kinds: tally({ job: ['jobs', 0] }, all) })));

    expect(text.match(/job\/f\d+\./g)).toHaveLength(700);
    expect(text.match(/job\/r\d+\./g)).toHaveLength(500);
    expect(text).toContain('200 more are counted and not listed here.');
  });

  test('warns above everything else that needs a person when the source is not fenced', () => {
    const page = pageOf(roughFailover());
    const person = page.slice(page.indexOf('id="person"'));

    expect(person.indexOf('East US 2 is not fenced')).toBeGreaterThan(0);
    expect(person.indexOf('East US 2 is not fenced')).toBeLessThan(person.indexOf('<h3>'));
  });

  test('says that nothing needs a person when that is so', () => {
    const input = goodFailover({ outcomes: [] });
    const report = { ...makeReport(input), manualSteps: [] };

    expect(textOf(reportPage(report))).toContain('Nothing. Everything is accounted for.');
  });

  test('speaks of a dry run as of what would be', () => {
    const text = textOf(pageOf(dryRun()));

    expect(text).toContain('dry run: nothing was changed');
    expect(text).toContain('Would be restored');
    expect(text).not.toContain('Done');
    expect(text).not.toContain('1 restored');
  });

  test('tells who rejected a failover, and has no part about waking', () => {
    const text = textOf(pageOf(cancelledFailover()));

    expect(text).toContain('reject by dana@contoso.com');
    expect(text).not.toContain('Woken');
    expect(text).not.toContain('fenced');
  });

  test('marks what is new since the last green report', () => {
    const page = pageOf({ ...roughFailover(), lastGreen: makeReport(goodFailover()) });

    expect(page.match(/<span class="new">new<\/span>/g)?.length).toBeGreaterThan(4);
  });
});

describe('hostile names', () => {
  const names = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '</style><style>body{display:none}',
    '<!-- ',
    '&lt;b&gt;',
    '${process.exit(1)}',
    'report\u202Efdp.exe',
    'two\nlines\u0000',
    '\uD800',
  ];

  /** Every text of a report that comes from outside, set to `name`. */
  function hostile(name: string): ReportInput {
    const rough = roughFailover();
    const key = keyOf('job', name);
    const triggered = { key, name, triggers: [name], reason: name };
    const all = (['failed', 'blocked', 'conflict', 'skipped', 'restored'] as const).map((verb) => ({
      ...outcome('job', name, verb, name),
      warnings: [name],
    }));
    const side = { region: name, url: name, reachable: false, token: false, fault: name };
    return {
      ...rough,
      request: { ...rough.request, pair: name, reason: name, startedBy: name, runId: name },
      summary: { ...rough.summary, reason: name, runId: name },
      sides: { primary: side, secondary: { ...side, region: `${name}2` } },
      outcomes: all,
      kinds: tally({ job: ['jobs', 0] }, all),
      cutover: {
        switched: true,
        awakeBefore: 2,
        woken: [triggered],
        asleep: [triggered],
        fence: { state: 'pending', policy: 'attempt', quieted: 0, triggersStillAwake: [triggered] },
      },
      readiness: [{ key, name, state: 'degraded', reasons: [name] }],
      decisions: [{ verb: 'approve', who: name, why: name, at: name }],
      missing: [{ key, neededBy: [key] }],
      notCarried: [name],
      trusted: [{ partition: name, verifiedAt: name }],
      retire: [{ key, name, reason: name, fate: 'waits' }],
      warnings: [name],
      snapshot: { id: name, sealedAt: name },
    };
  }

  /** The page's skeleton: its tags with their attributes. */
  function tagsOf(page: string): readonly string[] {
    return page.match(/<[a-z/!][^>]*>/g) ?? [];
  }

  const harmless = tagsOf(pageOf(hostile('plain')));

  test.each(names)('show as text and change no markup: %j', (name) => {
    const page = pageOf(hostile(name));

    expect(tagsOf(page)).toEqual(harmless);
  });

  test.each(names.slice(-3))('show what is invisible or turns writing around as code points: %j', (name) => {
    const page = pageOf(hostile(name)).replace(/\n/g, '');

    expect(page).not.toMatch(/[\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069]/u);
  });
});

describe('the page by itself', () => {
  const page = pageOf({ ...roughFailover(), lastGreen: makeReport(goodFailover()) });

  test('fetches nothing and runs nothing', () => {
    expect(page).toContain(`content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;`);
    expect(page).not.toMatch(/<script|<link|<img|<iframe|<form|\son\w+=|url\(|@import|https?:\/\//i);
  });

  test('has one first heading, no level skipped, and a name for each section', () => {
    const levels = [...page.matchAll(/<h([1-6])/g)].map(([, level]) => Number(level));
    const named = [...page.matchAll(/aria-labelledby="(\w+)"/g)].map(([, id]) => `id="${id ?? ''}"`);

    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    expect(levels.every((level, at) => at === 0 || level <= (levels[at - 1] ?? 0) + 1)).toBe(true);
    expect(named.filter((id) => !page.includes(id))).toEqual([]);
  });

  test('gives every table cell a header: rows and columns have a scope', () => {
    expect(page.match(/<th(?![^>]*scope=)[^>e]*>/g)).toBeNull();
    expect(page.match(/<tr>\s*<td/g)).toBeNull();
  });

  test('has enough contrast for text in both colour schemes', () => {
    const schemes = [
      ...page.matchAll(/color-scheme: light dark;([^}]*)|:root \{\s*(--paper: #14[^}]*)/g),
    ].map(([, light, dark]) => light ?? dark ?? '');
    expect(schemes).toHaveLength(2);
    for (const scheme of schemes) {
      const colour = (name: string): string => new RegExp(`--${name}: (#\\w+)`).exec(scheme)?.[1] ?? '';
      for (const name of ['ink', 'soft', 'good', 'warn', 'bad', 'calm']) {
        expect(contrast(colour(name), colour('paper'))).toBeGreaterThan(4.5);
        expect(contrast(colour(name), colour('card'))).toBeGreaterThan(4.5);
      }
      for (const name of ['good', 'warn', 'bad', 'calm']) {
        expect(contrast(colour(name), colour(`${name}-wash`))).toBeGreaterThan(4.5);
      }
    }
  });
});

/** Contrast ratio of two colours as WCAG 2.2 defines it (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio). */
function contrast(one: string, other: string): number {
  const luminance = (colour: string): number => {
    const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
      const value = parseInt(colour.slice(at, at + 2), 16) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}
