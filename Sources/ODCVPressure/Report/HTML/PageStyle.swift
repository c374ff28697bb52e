/// The page's only style sheet: dark on light, no colour that carries a meaning, narrow screens and paper.
enum PageStyle {
  static let css = """
    :root { --ink: #1a1a1a; --soft: #595959; --line: #c9c9c9; --band: #f3f3f1; }
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; }
    body { margin: 0 auto; padding: 1rem; max-width: 76rem; color: var(--ink); background: #fff;
      font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", "Liberation Sans", "DejaVu Sans", sans-serif; }
    h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .5rem; }
    h2 { font-size: 1.3rem; margin: 2.5rem 0 .5rem; padding-top: .5rem; border-top: 2px solid var(--ink); overflow-wrap: anywhere; }
    h3 { font-size: 1.05rem; margin: 1.5rem 0 .4rem; }
    p, li { max-width: 46rem; overflow-wrap: break-word; }
    nav ul { padding-left: 1.2rem; margin: .3rem 0; }
    .summary { border-left: .3rem solid var(--ink); padding: .2rem 0 .2rem 1rem; margin: 1rem 0; }
    .summary p { margin: .5rem 0; }
    .alert { border: 2px solid var(--ink); padding: .5rem .8rem; font-weight: 600; max-width: 46rem; }
    .tag { display: inline-block; border: 1px solid var(--ink); border-radius: .2rem; padding: 0 .3rem; font-size: .8rem; }
    .note { color: var(--soft); font-size: .9rem; }
    .scroll { overflow-x: auto; margin: .8rem 0 1.2rem; }
    table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; }
    caption { caption-side: top; text-align: left; font-weight: 600; padding: .2rem 0 .3rem; }
    caption span { position: sticky; left: 0; display: inline-block; max-width: calc(100vw - 2rem); }
    th, td { padding: .25rem .5rem; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--line); vertical-align: top; }
    thead th { vertical-align: bottom; border-bottom: 2px solid var(--ink); white-space: normal; min-width: 4.5rem; }
    th:first-child { text-align: left; padding-left: 0; position: sticky; left: 0; background: #fff; }
    tbody th { font-weight: 600; }
    .words { text-align: left; white-space: normal; min-width: 14rem; }
    tbody tr:nth-child(even) td, tbody tr:nth-child(even) th { background: var(--band); }
    .figures { display: flex; flex-wrap: wrap; gap: 1rem 2rem; align-items: flex-start; }
    figure { margin: 0; flex: 1 1 20rem; max-width: 30rem; min-width: 0; break-inside: avoid; }
    figcaption { font-size: .9rem; margin-top: .2rem; }
    svg { width: 100%; height: auto; display: block; }
    svg text { font-family: inherit; font-size: 11px; fill: var(--ink); }
    svg .soft { fill: var(--soft); }
    code { font-size: .85rem; overflow-wrap: anywhere; }
    dt { font-weight: 600; margin-top: .5rem; }
    dd { margin: 0 0 0 1rem; max-width: 46rem; }
    @media (max-width: 30rem) {
      body { padding: .75rem; }
      h1 { font-size: 1.35rem; }
      th, td { padding: .25rem .4rem; }
      .words { min-width: 9rem; }
    }
    @media print {
      @page { size: A4 landscape; margin: 12mm; }
      body { max-width: none; padding: 0; font-size: 9.5pt; }
      .scroll { overflow: visible; }
      table { font-size: 7.5pt; }
      th, td { padding: .15rem .3rem; }
      th:first-child { position: static; }
      nav { display: none; }
      h2, h3, caption { break-after: avoid; }
      tr { break-inside: avoid; }
    }
    """
}
