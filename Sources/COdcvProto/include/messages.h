// Umbrella header of the messages in proto.
#pragma once
#include "odcv/v1/common.pb-c.h"
#include "odcv/v1/control.pb-c.h"
#include "odcv/v1/pressure.pb-c.h"
#include "odcv/v1/record.pb-c.h"
#include "odcv/v1/robot.pb-c.h"
#include "odcv/v1/scene.pb-c.h"
#include "odcv/v1/sim.pb-c.h"
#include "odcv/v1/verdict.pb-c.h"
#include "foxglove/drawing.pb-c.h"
#include "google/protobuf/duration.pb-c.h"
#include "google/protobuf/timestamp.pb-c.h"
