// Included once per processor, between its target attribute and the definition of KERNEL, KERNEL_NAME and
// ODCV_SLICE: how many floats at a time leave a dozen vectors of them in registers, 16 or a part of it.

#include "vectors.h"
#include "kinematics.h"
#include "bend.h"
#include "distances.h"
#include "search.h"
#include "stance.h"

const odcv_kernel KERNEL = {
    .name = KERNEL_NAME,
    .lay = lay,
    .bend = bend,
    .speeds = speeds,
    .sweep_box = sweep_box,
    .sweep_rod = sweep_rod,
    .sweep_plane = sweep_plane,
    .sweep_pair = sweep_pair,
    .search_solids = search_solids,
    .search_pairs = search_pairs,
    .stand = stand,
};
