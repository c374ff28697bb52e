// The switch of the mutated copy: which mutant is on, and which ones a run meets.
#pragma once

// ODCV_MUTANT: the mutant that is on; 0: none.
extern int odcv_mutant;
// A byte for each mutant, in the file that ODCV_HITS names; null when nothing is recorded. 1: what it changes was run;
// 2: it came out otherwise than the original would have.
extern unsigned char *odcv_hits;

static inline _Bool odcv_is_on(int mutant) { return odcv_mutant == mutant; }
static inline _Bool odcv_records(void) { return odcv_hits != 0; }
static inline void odcv_note(int mutant, _Bool differs) { odcv_hits[mutant] |= differs ? 3 : 1; }
