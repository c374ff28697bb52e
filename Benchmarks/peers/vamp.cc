// vamp's own collision checker behind a C interface: the headers of the PyPI source package vamp-planner, unchanged.
// Its answer is a boolean: does any of the Panda's 59 spheres meet an obstacle or another checked sphere.
#include <algorithm>
#include <chrono>
#include <cstdint>

#include <vamp/collision/factory.hh>
#include <vamp/planning/validate.hh>
#include <vamp/robots/panda.hh>

using Robot = vamp::robots::Panda;
constexpr std::size_t rake = vamp::FloatVectorWidth;
using Environment = vamp::collision::Environment<vamp::FloatVector<rake>>;

static Environment environment;

static std::int64_t now()
{
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

static Robot::Configuration configuration(const double *q)
{
    alignas(64) std::array<float, rake> padded{};
    for (std::size_t i = 0; i < Robot::dimension; ++i)
    {
        padded[i] = static_cast<float>(q[i]);
    }
    return Robot::Configuration(padded.data());
}

extern "C" int vamp_lanes() { return static_cast<int>(rake); }

// Obstacles as odcv_scene takes them: 0 box (rotation 9, row-major, centre, half extents), 1 capsule (ends, radius).
extern "C" void vamp_scene(int count, const std::int32_t *kinds, const double *numbers)
{
    vamp::collision::Environment<float> made;
    for (int i = 0; i < count; ++i)
    {
        const double *n = numbers + 15 * i;
        if (kinds[i] == 0)
        {
            made.cuboids.emplace_back(n[9], n[10], n[11], n[0], n[3], n[6], n[1], n[4], n[7], n[2], n[5], n[8],
                                      n[12], n[13], n[14]);
        }
        else if (n[0] == n[3] && n[1] == n[4] && n[2] == n[5])
        {
            made.spheres.emplace_back(vamp::collision::factory::sphere::flat(n[0], n[1], n[2], n[6]));
        }
        else
        {
            made.capsules.emplace_back(vamp::collision::factory::capsule::endpoints::flat(
                n[0], n[1], n[2], n[3], n[4], n[5], n[6]));
        }
    }
    made.sort();
    environment = Environment(made);
}

// Every configuration alone, in all lanes at once: ns for all; `free` says which are free of collision.
extern "C" std::int64_t vamp_single(int count, const double *q, std::uint8_t *free)
{
    const auto start = now();
    for (int i = 0; i < count; ++i)
    {
        Robot::ConfigurationBlock<rake> block;
        const auto one = configuration(q + Robot::dimension * i);
        for (std::size_t joint = 0; joint < Robot::dimension; ++joint)
        {
            block[joint] = one.broadcast(joint);
        }
        free[i] = Robot::fkcc<rake>(environment, block);
    }
    return now() - start;
}

// Straight joint segments from `from` to `to`, checked at vamp's own resolution: 32 samples for one radian, in eights.
extern "C" std::int64_t vamp_motion(int count, const double *from, const double *to, std::uint8_t *free)
{
    const auto start = now();
    for (int i = 0; i < count; ++i)
    {
        free[i] = vamp::planning::validate_motion<Robot, rake, Robot::resolution>(
            configuration(from + Robot::dimension * i), configuration(to + Robot::dimension * i), environment);
    }
    return now() - start;
}
