/** The steps of a retention run, in their order: what refers to others goes before them. */
export const retentionSteps = [
  'plan',
  'mark',
  'snapshots',
  'packs',
  'runs',
  'requestKeys',
  'scrub',
  'settle',
] as const;
export type RetentionStep = (typeof retentionSteps)[number];

/** A bounded portion of the work of a step: `at` counts them. */
export interface RetentionPortion {
  readonly step: RetentionStep;
  readonly at: number;
}
