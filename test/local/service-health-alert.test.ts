import { makeServiceHealthAlert } from '../../local/story/service-health-alert';
import { matchAlert, normaliseAlert } from '../../shared/domain/alert';
import { type Signal } from '../../shared/domain/signal';

const nowMs = Date.parse('2026-11-21T03:00:00Z');
const services = ['Azure Databricks'];

describe('the Service Health alert of the story', () => {
  it('is a grave one of its region, at its time', () => {
    const { payload, trackingId } = makeServiceHealthAlert('eastus2', nowMs);

    expect(normaliseAlert(payload)).toMatchObject({
      ...{ kind: 'signal', source: 'serviceHealth', status: 'active', level: 'warning', key: trackingId },
      at: '2026-11-21T03:00:00.000Z',
    });
  });

  it.each([
    ['eastus2', true],
    ['eastus', false],
    ['centralus', false],
  ])('concerns a pair in %s: %s', (region, matches) => {
    const signal = normaliseAlert(makeServiceHealthAlert('eastus2', nowMs).payload) as Signal;

    expect(matchAlert(signal, { name: 'analytics', region, services }).matches).toBe(matches);
  });

  it('is another message each time', () => {
    const [one, two] = [1, 2].map(
      () => normaliseAlert(makeServiceHealthAlert('eastus2', nowMs).payload) as Signal,
    );

    expect(one?.seenId).not.toBe(two?.seenId);
  });
});
