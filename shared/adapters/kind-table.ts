import { adapters, laterKinds } from './registry';

/** The table of the README: what is restored, how it lies there until cutover, and what is not carried yet. */
export function kindTable(): string {
  const rows = adapters.map(({ kind, carries, triggers }) => {
    const sleep = triggers === undefined ? '' : ' (asleep until cutover)';
    return `| \`${kind}\`${sleep} | ${carries} |`;
  });
  const later = [...laterKinds].map((kind) => `\`${kind}\``).join(', ');
  const notYet = later === '' ? [] : [`Not carried yet: ${later}.`, ''];
  return ['| kind | what is carried |', '| --- | --- |', ...rows, '', ...notYet].join('\n');
}
