// Umbrella header of the messages in proto/odcv/v1.
#pragma once
#include "odcv/v1/common.pb-c.h"
#include "odcv/v1/control.pb-c.h"
#include "odcv/v1/pressure.pb-c.h"
#include "odcv/v1/record.pb-c.h"
#include "odcv/v1/robot.pb-c.h"
#include "odcv/v1/scene.pb-c.h"
#include "odcv/v1/sim.pb-c.h"
#include "odcv/v1/verdict.pb-c.h"
