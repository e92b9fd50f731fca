import { type Builder } from './builder';
import { type People, type Team } from './people';
import { type Random } from './random';

const keys = ['warehouse-password', 'lake-client-secret', 'api-token', 'sftp-key'];

/** A secret scope of each team, with what its jobs sign in with; the values are made up. */
export function fillSecrets(builder: Builder, { teams }: People): void {
  const random = builder.random('secrets');
  for (const team of teams) fillScope(builder, team, random);
  for (const team of teams.slice(0, 2)) makePolicy(builder, team);
}

function fillScope(builder: Builder, { name, group, members, robot }: Team, random: Random): void {
  const owner = random.pick(members);
  builder.post('/2.0/secrets/scopes/create', { scope: name }, owner);
  const grant = (principal: string, permission: string): void => {
    builder.post('/2.0/secrets/acls/put', { scope: name, principal, permission }, owner);
  };
  grant(group, 'READ');
  grant(robot.name, 'WRITE');
  for (const key of keys.slice(0, random.between(1, keys.length)).concat('lake-client-secret')) {
    const string_value = `${name}-${random.between(1e8, 1e9)}`;
    builder.post('/2.0/secrets/put', { scope: name, key, string_value }, owner);
  }
}

/** Clusters under it sign in to the lake of the team. */
function makePolicy(builder: Builder, { name }: Team): void {
  const definition = {
    'spark_conf.fs.azure.account.oauth2.client.secret': {
      type: 'fixed',
      value: `{{secrets/${name}/lake-client-secret}}`,
    },
  };
  builder.post('/2.0/policies/clusters/create', {
    name: `lake of ${name}`,
    definition: JSON.stringify(definition),
  });
}
