/** Estates that are alike but for how much there is. */
export type LifelikeSize = 'tiny' | 'small' | 'medium' | 'large';
/** `tricky` has everything that is odd, once. */
export type EstateSize = LifelikeSize | 'tricky';

export interface EstateCounts {
  readonly users: number;
  /** Homes included. */
  readonly directories: number;
  readonly notebooks: number;
  /** All-purpose clusters. */
  readonly clusters: number;
  readonly jobs: number;
}

export const estateSizes: Readonly<Record<LifelikeSize, EstateCounts>> = {
  tiny: { users: 4, directories: 12, notebooks: 30, clusters: 5, jobs: 10 },
  small: { users: 20, directories: 60, notebooks: 400, clusters: 20, jobs: 50 },
  medium: { users: 200, directories: 1_200, notebooks: 10_000, clusters: 100, jobs: 500 },
  large: { users: 1_000, directories: 6_000, notebooks: 100_000, clusters: 500, jobs: 2_000 },
};
