// A capsule's axis along a path against one solid, or against another link. Included by kernel_body.h.

/// A bow as the lanes take it: never less.
INLINE float raised(double bow) {
  float near = (float)bow;
  return near * (1 + 0x1p-22f) + 0x1p-120f;
}

INLINE vf raised_lanes(vd bows) { return single(bows) * (1 + 0x1p-22f) + 0x1p-120f; }

INLINE v3 first_end(const odcv_path *path, int32_t capsule) { return lanes3(path->ends + 6 * capsule); }
INLINE v3 second_end(const odcv_path *path, int32_t capsule) { return lanes3(path->ends + 6 * capsule + 3); }

INLINE void tell(found at, odcv_sweep *out) {
  out->between = at.between;
  out->dual = at.dual;
  out->primal = at.primal;
  out->low = least(at.between);
}

static void sweep_box(const odcv_path *path, int32_t capsule, const odcv_box *box, odcv_sweep *out) {
  float bow = raised(bow_of(path, capsule));
  tell(along_box(first_end(path, capsule), second_end(path, capsule), box, path->weights, bow), out);
}

static void sweep_rod(const odcv_path *path, int32_t capsule, const odcv_rod *rod, odcv_sweep *out) {
  float bow = raised(bow_of(path, capsule));
  tell(along_rod(first_end(path, capsule), second_end(path, capsule), rod, path->weights, bow), out);
}

static void sweep_plane(const odcv_path *path, int32_t capsule, const odcv_plane *plane, odcv_sweep *out) {
  float bow = raised(bow_of(path, capsule));
  tell(along_plane(first_end(path, capsule), second_end(path, capsule), plane, path->weights, bow), out);
}

// Two links: the second one's axis in the first one's frame.

typedef struct {
  v3 x, y, z, t;
} frame3;

INLINE frame3 frame_of(const odcv_path *path, int32_t link) {
  const vd *pose = path->poses + 12 * link;
  return (frame3){{single(pose[0]), single(pose[1]), single(pose[2])},
                  {single(pose[3]), single(pose[4]), single(pose[5])},
                  {single(pose[6]), single(pose[7]), single(pose[8])},
                  {single(pose[9]), single(pose[10]), single(pose[11])}};
}

INLINE v3 into_frame(const frame3 *frame, v3 p) { return into_box(p, frame->t, frame->x, frame->y, frame->z); }

static void sweep_pair(const odcv_arm *arm, const odcv_path *path, int32_t index, double bow, odcv_sweep *out) {
  const odcv_pair *pair = arm->pairs + index;
  frame3 frame = frame_of(path, pair->frame);
  v3 p = into_frame(&frame, first_end(path, pair->second)), q = into_frame(&frame, second_end(path, pair->second));
  tell(along_rod(p, q, arm->rods + pair->first, path->weights, raised(bow)), out);
}
