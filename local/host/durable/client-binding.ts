/** What bindings of type durableClient receive. The SDK checks that all URLs are there and fills in the placeholders itself. */
export interface ClientBinding {
  readonly taskHubName: string;
  readonly creationUrls: Readonly<Record<string, string>>;
  readonly managementUrls: Readonly<Record<string, string>>;
  readonly baseUrl: string;
  readonly requiredQueryStringParameters: string;
  readonly rpcBaseUrl: string;
}

export const webhookPath = '/runtime/webhooks/durabletask';
/** The SDK sends every call here. */
export const rpcPath = '/durabletask';
const code = 'code=local';

export function makeClientBinding(port: number, taskHubName: string): ClientBinding {
  const baseUrl = `http://localhost:${port}${webhookPath}`;
  const create = `${baseUrl}/orchestrators/{functionName}[/{instanceId}]`;
  return {
    taskHubName,
    creationUrls: {
      createNewInstancePostUri: `${create}?${code}`,
      createAndWaitOnNewInstancePostUri: `${create}?timeout={timeoutInSeconds}&pollingInterval={intervalInSeconds}&${code}`,
    },
    managementUrls: managementUrls(`http://localhost:${port}`, taskHubName, 'INSTANCEID'),
    baseUrl,
    requiredQueryStringParameters: code,
    // The slash at the end is needed.
    rpcBaseUrl: `http://127.0.0.1:${port}${rpcPath}/`,
  };
}

export function managementUrls(origin: string, taskHubName: string, id: string): Record<string, string> {
  const instance = `${origin}${webhookPath}/instances/${id}`;
  const query = `taskHub=${taskHubName}&connection=Storage&${code}`;
  return {
    id,
    statusQueryGetUri: `${instance}?${query}`,
    sendEventPostUri: `${instance}/raiseEvent/{eventName}?${query}`,
    terminatePostUri: `${instance}/terminate?reason={text}&${query}`,
    rewindPostUri: `${instance}/rewind?reason={text}&${query}`,
    purgeHistoryDeleteUri: `${instance}?${query}`,
    restartPostUri: `${instance}/restart?${query}`,
    suspendPostUri: `${instance}/suspend?reason={text}&${query}`,
    resumePostUri: `${instance}/resume?reason={text}&${query}`,
  };
}
