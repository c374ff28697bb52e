# Publishes an arm's states, a camera's frames and a controller's actions to a running odcv-monitor and prints a verdict; see publish.md.
import pathlib, sys, time, odcv
CONFIG = pathlib.Path(__file__).parent / "../config/monitor.yaml"  # says which arm, joints, camera, clocks and endpoints
READY = [0, -0.785, 0, -2.356, 0, 1.571, 0.785]
TOOL = [0.3070, 0, 0.4869]  # where those joints put the tool centre point, m
HELD = [0, -4.00, -0.64, 22.02, 0.63, 2.28, 0]  # the joint torques that carry the arm's weight there, Nm
action, state, scene, verdict = sys.argv[1:] or [None] * 4  # endpoints, where they are not the configuration's
with (odcv.Listener(CONFIG, endpoint=verdict) as listener, odcv.Robot(CONFIG, endpoint=state) as arm,
      odcv.Perception(CONFIG, endpoint=scene) as camera, odcv.Controller(CONFIG, endpoint=action) as controller):
    for _ in range(500):
        arm.send(READY, [0] * len(READY), effort=HELD, tool=TOOL, contacts=[], mode=1)
        camera.people([])  # nobody there
        time.sleep(0.02)
        judged = listener.verdict_of(controller.send(position=READY), timeout_s=0.1)
        if judged and judged.outcome == odcv.v1.verdict_pb2.PASS: judged.ClearField("core"), print(judged), sys.exit()
sys.exit("no action passed in ten seconds; odcv-monitor status says what was refused")
