// Included once per processor, between its target attribute and the definition of KERNEL and KERNEL_NAME.

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
