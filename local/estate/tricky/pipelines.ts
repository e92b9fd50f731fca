import { type Json } from '../../workspace/fields';
import { anyNotebook, keeper, makeJob, type TrickyPart } from './part';

const libraries = [{ notebook: { path: anyNotebook } }];

const kinds: Readonly<Record<string, Json>> = {
  'continuous, in production': { continuous: true, development: false },
  'continuous, in development': { continuous: true, development: true },
  'triggered, in production': { development: false, tags: { 'dr-tier': '0' } },
  'triggered, in development': { development: true },
  'without libraries': { libraries: [] },
  'of a notebook that is not there': { libraries: [{ notebook: { path: '/Shared/tricky/gone' } }] },
  'of a folder': { libraries: [{ glob: { include: '/Shared/tricky/**' } }] },
  '  🚀 "quoted" 100%2F\n': { configuration: { 'a key': '%2F #?', path: '/Shared/odd names' } },
};

/** Awake in every way, of what is not there, and names that are not unique. */
export const pipelines: TrickyPart = {
  fill({ primary }) {
    const make = (name: string, more: Json, as = keeper): unknown =>
      primary.post('/2.0/pipelines', { name, libraries, allow_duplicate_names: true, ...more }, as)[
        'pipeline_id'
      ];
    const runs = (pipeline_id: unknown) => ({
      tasks: [{ task_key: 'main', pipeline_task: { pipeline_id } }],
    });
    for (const [name, more] of Object.entries(kinds))
      makeJob(primary, `runs ${name}`, runs(make(name, more)));
    for (const channel of ['CURRENT', 'PREVIEW']) make('twin', { channel, development: true });
    make('of one who left', {}, { name: 'left@contoso.com', servicePrincipal: false, admin: false });
    const deployment = { kind: 'BUNDLE', metadata_file_path: '/x' };
    const bundled = make('managed by a bundle', { deployment });
    makeJob(primary, 'runs a pipeline of a bundle', runs(bundled));
  },
  gaps: [
    {
      kind: 'job',
      name: 'runs a pipeline of a bundle',
      reason: 'its pipeline is deployed by a bundle, and so will this one be',
    },
  ],
};
