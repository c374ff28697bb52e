// The search of segment_oracle.py in C++: coal's own library and forward kinematics of its own, from a chain's numbers.
//
// segment_oracle.py builds it, hands it the URDF's chain as pinocchio reads it, and holds it to the search in Python and to
// pinocchio's placements before it is believed. Metres, radians. The method and why it holds are explained there.
#include <coal/distance.h>
#include <coal/shape/convex.h>
#include <coal/shape/geometric_shapes.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <queue>
#include <vector>

namespace {

using Vec = coal::Vec3s;
using Mat = coal::Matrix3s;
using Points = std::vector<Vec>;

struct Place {
  Mat r = Mat::Identity();
  Vec p = Vec::Zero();

  static Place from(const double *x) {
    Place out;
    for (int row = 0; row < 3; row++)
      for (int column = 0; column < 3; column++) out.r(row, column) = x[3 * row + column];
    out.p = Vec(x[9], x[10], x[11]);
    return out;
  }
};

Place operator*(const Place &a, const Place &b) {
  Place out;
  out.r = a.r * b.r;
  out.p = a.r * b.p + a.p;
  return out;
}

struct Joint {
  int parent;  // -1: the base
  Place placement;
  Vec along;   // of a sliding joint, else zero
  Vec about;   // of a turning joint, else zero
};

struct Lever {
  int joint;
  double far;
};

struct Body {
  int joint;
  Place placement;
  Points corners;
  std::unique_ptr<coal::ConvexBase> shape;
  std::vector<Lever> levers;
};

struct Pair {
  int first, second;  // the second is -1 for the obstacle
};

// A pair's plane at one sample: it has one when `has`.
struct Plane {
  bool has = false;
  double here = 0, b = 0;
  std::vector<double> a, da, bs, dbs;

  double beyond(double s, double bend) const {
    double low = std::numeric_limits<double>::infinity(), high = b;
    for (size_t i = 0; i < a.size(); i++) low = std::min(low, a[i] + s * da[i]);
    if (!bs.empty()) {
      high = -std::numeric_limits<double>::infinity();
      for (size_t i = 0; i < bs.size(); i++) high = std::max(high, bs[i] + s * dbs[i]);
    }
    return std::min(here, low - high) - 0.5 * bend * s * s;
  }
};

struct Sample {
  std::vector<double> values;  // per pair; NaN where it was not looked at
  std::vector<Plane> planes;
};

struct Span {
  double least, low, high;
  int from, to;  // samples
  std::vector<int> open;
  bool operator<(const Span &other) const { return least > other.least; }  // the least on top
};

struct Oracle {
  std::vector<Joint> joints;
  std::vector<Body> bodies;
  std::vector<Pair> environment, itself;
  std::unique_ptr<coal::ShapeBase> obstacle;
  int kind = 0;
  Place at;  // the obstacle
  std::vector<std::unique_ptr<coal::ComputeDistance>> near;  // of the pairs that are searched
  std::vector<std::unique_ptr<coal::ComputeDistance>> near_itself;
  coal::DistanceRequest request;

  // The present sample.
  std::vector<Place> frames, places;
  std::vector<Vec> angular, linear;

  void turn(const std::vector<double> &q, const std::vector<double> &rates) {
    for (size_t i = 0; i < joints.size(); i++) {
      const Joint &joint = joints[i];
      Place move;
      move.p = q[i] * joint.along;
      if (joint.about.squaredNorm() > 0) move.r = Eigen::AngleAxisd(q[i], joint.about).toRotationMatrix();
      const Place above = joint.parent < 0 ? Place() : frames[joint.parent];
      const Vec above_angular = joint.parent < 0 ? Vec(Vec::Zero()) : angular[joint.parent];
      const Vec above_linear = joint.parent < 0 ? Vec(Vec::Zero()) : linear[joint.parent];
      frames[i] = above * (joint.placement * move);
      angular[i] = above_angular + rates[i] * (frames[i].r * joint.about);
      linear[i] = above_linear + above_angular.cross(frames[i].p - above.p) + rates[i] * (frames[i].r * joint.along);
    }
    for (size_t i = 0; i < bodies.size(); i++)
      places[i] = bodies[i].joint < 0 ? bodies[i].placement : frames[bodies[i].joint] * bodies[i].placement;
  }

  void side(int body, const Vec &n, std::vector<double> &offsets, std::vector<double> &changes) const {
    const Body &b = bodies[body];
    const Place &place = places[body];
    Vec w = Vec::Zero(), v = Vec::Zero();
    if (b.joint >= 0) {
      w = angular[b.joint];
      v = linear[b.joint] + w.cross(place.p - frames[b.joint].p);
    }
    const Vec along = place.r.transpose() * n, across = place.r.transpose() * n.cross(w);
    const double offset = n.dot(place.p), change = n.dot(v);
    offsets.resize(b.corners.size());
    changes.resize(b.corners.size());
    for (size_t i = 0; i < b.corners.size(); i++) {
      offsets[i] = along.dot(b.corners[i]) + offset;
      changes[i] = across.dot(b.corners[i]) + change;
    }
  }

  double support(const Vec &n) const {
    const Vec along = at.r.transpose() * n;
    const double middle = n.dot(at.p);
    switch (kind) {
      case 0: return middle + along.cwiseAbs().dot(static_cast<coal::Box *>(obstacle.get())->halfSide);
      case 1: return middle + static_cast<coal::Sphere *>(obstacle.get())->radius;
      case 2: {
        const auto *capsule = static_cast<coal::Capsule *>(obstacle.get());
        return middle + std::abs(along[2]) * capsule->halfLength + capsule->radius;
      }
      default: return middle;  // a half-space below its plane; n is its own normal
    }
  }

  Plane plane(const Pair &pair, const Vec &normal) const {
    Plane out;
    const Vec n = pair.second < 0 && kind == 3 ? Vec(at.r.col(2)) : Vec(-normal);
    if (!n.allFinite() || std::abs(n.norm() - 1) > 1e-9) return out;
    side(pair.first, n, out.a, out.da);
    if (pair.second < 0) {
      out.b = support(n);
    } else {
      side(pair.second, n, out.bs, out.dbs);
      out.b = *std::max_element(out.bs.begin(), out.bs.end());
    }
    out.here = *std::min_element(out.a.begin(), out.a.end()) - out.b;
    out.has = true;
    return out;
  }

  // Greatest speed and acceleration of any point of a body while the joints turn at constant rates.
  std::pair<double, double> bounds(int body, const std::vector<double> &rates) const {
    double speed = 0, bend = 0;
    if (body < 0) return {0, 0};
    const auto &levers = bodies[body].levers;
    for (size_t i = 0; i < levers.size(); i++) {
      const double rate = std::abs(rates[levers[i].joint]);
      speed += rate * levers[i].far;
      for (size_t j = 0; j < levers.size(); j++)
        bend += rate * std::abs(rates[levers[j].joint]) * levers[std::max(i, j)].far;
    }
    return {speed, bend};
  }

  void least(const double *start, const double *end, bool own, double bracket, double deep, int most, double *out) {
    const auto &pairs = own ? itself : environment;
    auto &functors = own ? near_itself : near;
    std::vector<double> rates(joints.size()), q(joints.size()), speeds, bends;
    for (size_t i = 0; i < joints.size(); i++) rates[i] = end[i] - start[i];
    for (const Pair &pair : pairs) {
      const auto a = bounds(pair.first, rates), b = bounds(pair.second, rates);
      speeds.push_back(a.first + b.first);
      bends.push_back(a.second + b.second);
    }
    double best = std::numeric_limits<double>::infinity(), where = 0;
    std::vector<Sample> samples;

    auto sample = [&](double t, double step, const std::vector<int> &active) {
      for (size_t i = 0; i < joints.size(); i++) q[i] = start[i] + t * rates[i];
      turn(q, rates);
      Sample found;
      found.values.assign(pairs.size(), std::numeric_limits<double>::quiet_NaN());
      found.planes.resize(pairs.size());
      std::vector<Vec> normals(pairs.size());
      const coal::Transform3s here(at.r, at.p);
      for (int k : active) {
        const Pair &pair = pairs[k];
        const Place &a = places[pair.first];
        coal::DistanceResult result;
        const coal::Transform3s other = pair.second < 0 ? here : coal::Transform3s(places[pair.second].r, places[pair.second].p);
        found.values[k] = (*functors[k])(coal::Transform3s(a.r, a.p), other, request, result);
        normals[k] = result.normal;
      }
      double lowest = best;
      for (int k : active) lowest = std::min(lowest, found.values[k]);
      for (int k : active) {
        if (found.values[k] - speeds[k] * step < lowest - bracket) found.planes[k] = plane(pairs[k], normals[k]);
        // Where coal stopped short, the plane through its own normal proves that they are farther apart.
        if (found.planes[k].has) found.values[k] = std::max(found.values[k], found.planes[k].here);
        if (found.values[k] < best) {
          best = found.values[k];
          where = t;
        }
      }
      samples.push_back(std::move(found));
    };

    // Each half of an interval is bounded from the sample at its end.
    auto bound = [&](double low, double high, int from, int to, const std::vector<int> &active) {
      Span span{std::numeric_limits<double>::infinity(), low, high, from, to, {}};
      const double half = 0.5 * (high - low);
      for (int k : active) {
        double value = std::numeric_limits<double>::infinity();
        for (int end = 0; end < 2; end++) {
          const Sample &at = samples[end == 0 ? from : to];
          double side = at.values[k] - speeds[k] * half;
          if (side < best - bracket && at.planes[k].has)
            side = std::max(side, at.planes[k].beyond(end == 0 ? half : -half, bends[k]));
          value = std::min(value, side);
        }
        if (value < best - bracket) span.open.push_back(k);
        span.least = std::min(span.least, value);
      }
      return span;
    };

    std::vector<int> all(pairs.size());
    for (size_t k = 0; k < pairs.size(); k++) all[k] = static_cast<int>(k);
    for (double t : {0.0, 0.5, 1.0}) sample(t, 0.25, all);
    std::priority_queue<Span> heap;
    heap.push(bound(0, 0.5, 0, 1, all));
    heap.push(bound(0.5, 1, 1, 2, all));
    while (heap.top().least < best - bracket && best > deep && static_cast<int>(samples.size()) < most) {
      const Span span = heap.top();
      heap.pop();
      const double middle = 0.5 * (span.low + span.high);
      sample(middle, 0.25 * (span.high - span.low), span.open);
      const int index = static_cast<int>(samples.size()) - 1;
      heap.push(bound(span.low, middle, span.from, index, span.open));
      heap.push(bound(middle, span.high, index, span.to, span.open));
    }
    out[0] = std::min(heap.top().least, best - bracket);  // pairs that an interval left out were no nearer than that
    out[1] = best;
    out[2] = where;
    out[3] = static_cast<double>(samples.size());
  }
};

}  // namespace

extern "C" {

// Joints from the base outwards; 12 numbers a placement (rotation row by row, then translation); 6 an axis: along, about.
void *odcv_oracle(int joints, const int *parents, const double *placements, const double *axes) {
  auto *oracle = new Oracle;
  for (int i = 0; i < joints; i++)
    oracle->joints.push_back({parents[i], Place::from(placements + 12 * i), Vec(axes[6 * i], axes[6 * i + 1], axes[6 * i + 2]),
                              Vec(axes[6 * i + 3], axes[6 * i + 4], axes[6 * i + 5])});
  oracle->frames.resize(joints);
  oracle->angular.assign(joints, Vec::Zero());
  oracle->linear.assign(joints, Vec::Zero());
  oracle->request = coal::DistanceRequest(true, true);
  oracle->request.gjk_tolerance = 1e-9;
  return oracle;
}

// A body's hull in the frame of its joint (-1: the base), and the levers of the joints that move it, base first.
void odcv_oracle_body(void *handle, int joint, const double *placement, int count, const double *corners, int levers,
                      const int *lever_joints, const double *lever_lengths) {
  auto *oracle = static_cast<Oracle *>(handle);
  Body body;
  body.joint = joint;
  body.placement = Place::from(placement);
  auto points = std::make_shared<Points>();
  for (int i = 0; i < count; i++) points->push_back(Vec(corners[3 * i], corners[3 * i + 1], corners[3 * i + 2]));
  body.corners = *points;
  body.shape.reset(coal::ConvexBase::convexHull(points, static_cast<unsigned int>(points->size()), true, "Qt"));
  for (int i = 0; i < levers; i++) body.levers.push_back({lever_joints[i], lever_lengths[i]});
  oracle->bodies.push_back(std::move(body));
  oracle->places.resize(oracle->bodies.size());
}

// Which bodies meet the obstacle, and which pairs of bodies each other.
void odcv_oracle_pairs(void *handle, int count, const int *bodies, int itself, const int *pairs) {
  auto *oracle = static_cast<Oracle *>(handle);
  for (int i = 0; i < count; i++) oracle->environment.push_back({bodies[i], -1});
  for (int i = 0; i < itself; i++) {
    oracle->itself.push_back({pairs[2 * i], pairs[2 * i + 1]});
    oracle->near_itself.push_back(std::make_unique<coal::ComputeDistance>(
        oracle->bodies[pairs[2 * i]].shape.get(), oracle->bodies[pairs[2 * i + 1]].shape.get()));
  }
}

// kind 0 box (edges), 1 sphere (radius), 2 capsule (radius, length along z), 3 half-space below z = 0.
void odcv_oracle_obstacle(void *handle, int kind, const double *size) {
  auto *oracle = static_cast<Oracle *>(handle);
  oracle->near.clear();
  oracle->kind = kind;
  switch (kind) {
    case 0: oracle->obstacle = std::make_unique<coal::Box>(size[0], size[1], size[2]); break;
    case 1: oracle->obstacle = std::make_unique<coal::Sphere>(size[0]); break;
    case 2: oracle->obstacle = std::make_unique<coal::Capsule>(size[0], size[1]); break;
    default: oracle->obstacle = std::make_unique<coal::Halfspace>(Vec(0, 0, 1), 0.0); break;
  }
  for (const Pair &pair : oracle->environment)
    oracle->near.push_back(
        std::make_unique<coal::ComputeDistance>(oracle->bodies[pair.first].shape.get(), oracle->obstacle.get()));
}

// Where every body is, 12 numbers each: to be compared with pinocchio.
void odcv_oracle_place(void *handle, const double *q, double *out) {
  auto *oracle = static_cast<Oracle *>(handle);
  const std::vector<double> position(q, q + oracle->joints.size()), still(oracle->joints.size(), 0.0);
  oracle->turn(position, still);
  for (size_t i = 0; i < oracle->places.size(); i++) {
    for (int row = 0; row < 3; row++)
      for (int column = 0; column < 3; column++) out[12 * i + 3 * row + column] = oracle->places[i].r(row, column);
    for (int k = 0; k < 3; k++) out[12 * i + 9 + k] = oracle->places[i].p[k];
  }
}

// The bracket of the least distance over a segment (lower, upper), where it is, and the samples that took.
void odcv_oracle_least(void *handle, const double *start, const double *end, const double *placement, int own, double bracket,
                       double deep, int most, double *out) {
  auto *oracle = static_cast<Oracle *>(handle);
  oracle->at = Place::from(placement);
  oracle->least(start, end, own != 0, bracket, deep, most, out);
}
}
