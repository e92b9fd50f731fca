import { app } from '@azure/functions';
import { getClient } from 'durable-functions';
import { scheduleOf, type Schedules } from '../../shared/config/settings';
import { hubInput, makeHub, type Hub } from '../app/hub';
import { inInvocation, invocationLog } from '../app/invocation-log';
import { services, type Services } from '../app/services';

/** Registers a timer under `<name>Timer`: orchestrators have the bare names. */
export function registerTimer(
  name: keyof Schedules,
  work: (services: Services, hub: Hub) => Promise<void>,
): void {
  app.timer(`${name}Timer`, {
    schedule: scheduleOf(name),
    extraInputs: [hubInput],
    handler: (_timer, context) =>
      inInvocation(context, async () => {
        try {
          await work(services(), makeHub(getClient(context)));
        } catch (error) {
          const reason = error instanceof Error ? error.message : 'unknown error';
          invocationLog.error('a timer failed', { timer: name, reason });
          throw error;
        }
      }),
  });
}
