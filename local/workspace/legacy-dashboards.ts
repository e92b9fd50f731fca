import { type Answer, type Area, type Call, type Core } from './area';
import { makeUuid } from './ids';
import { limitIn } from './page';

interface LegacySection {
  readonly dashboards: { readonly id: string; readonly name: string }[];
}

/** Dashboards of the kind before AI/BI: they can be listed, and no longer be made. */
export class LegacyDashboards implements Area {
  readonly name = 'legacy-dashboards';
  readonly routes = {
    'GET /api/2.0/preview/sql/dashboards': (call: Call) => this.list(call),
  };
  private readonly section: LegacySection;

  constructor(private readonly core: Core) {
    this.section = core.section('legacy-dashboards', () => ({ dashboards: [] }));
  }

  /** As somebody made it when it could still be done. */
  add(name: string): string {
    const id = makeUuid(this.core);
    this.section.dashboards.push({ id, name });
    return id;
  }

  /** Pages are numbered, from 1. */
  private list({ query }: Call): Answer {
    const size = limitIn(query, 'page_size', 25, 250);
    const page = limitIn(query, 'page', 1, 1_000_000);
    const all = this.section.dashboards;
    const results = all.slice((page - 1) * size, page * size);
    return { json: { count: all.length, page, page_size: size, results } };
  }
}
