/** For the pictures of the databases; the colours are the page's. */
export const PICTURE_STYLE = `
.moments { display: grid; grid-template-columns: repeat(auto-fill, minmax(300px, 1fr)); gap: 16px; margin: 0 0 20px; }
.moments figure { margin: 0; padding: 12px; border: 1px solid var(--line); border-radius: 8px; }
.moments figcaption { margin: 6px 0 0; font-size: 13px; line-height: 1.4; }
.moments .at { color: var(--quiet); font-variant-numeric: tabular-nums; }
.moments svg { display: block; width: 100%; height: auto; }
.moments text { font-size: 12px; text-anchor: middle; fill: var(--text); font-family: inherit; }
.moments text.region { fill: var(--quiet); font-size: 11px; }
.moments text.name { font-weight: 600; }
.moments text.state { font-size: 11.5px; }
.moments text.users { font-size: 10.5px; font-weight: 600; fill: var(--page); }
.moments rect { fill: var(--soft); stroke: var(--quiet); stroke-width: 1.2; }
.moments .live rect { stroke: var(--good); stroke-width: 2.4; }
.moments .frozen rect { stroke: var(--warn); stroke-width: 2.4; }
.moments .lost rect { stroke: var(--bad); stroke-width: 2.4; }
.moments .absent rect { fill: none; stroke: var(--line); stroke-dasharray: 5 4; }
.moments .absent text { fill: var(--quiet); font-weight: 400; }
.moments .live rect.badge { fill: var(--good); }
.moments .frozen rect.badge { fill: var(--warn); }
.moments .lost rect.badge { fill: var(--bad); }
.moments rect.badge { stroke: none; }
.link .line { stroke: var(--good); stroke-width: 2; }
.link .head { fill: var(--good); }
.link.seeding .line { stroke: var(--warn); stroke-dasharray: 4 3; }
.link.seeding .head { fill: var(--warn); }
.link.suspended .line { stroke: var(--bad); stroke-dasharray: 2 4; }
.link.suspended .head { fill: var(--bad); }
`;
