/** The longest side of a page, in 1/100 mm: 14400 pt (ISO 32000-1 Annex C). Beyond it converters were broken (CVE-2025-64503). */
export const LONGEST_SIDE = 508_000;
