# Publishes an arm's Layout, State, People and Action to a running odcv-monitor and prints its Verdict; see publish.md.
import sys, time, zmq
from odcv.v1 import common_pb2 as common, robot_pb2 as robot, scene_pb2 as scene, verdict_pb2 as odcv
ARM, SENSOR, JOINTS, READY = "panda", "cell-camera", [f"panda_joint{j}" for j in range(1, 8)], [0, -0.785, 0, -2.356, 0, 1.571, 0.785]
TOOL = [0.3070, 0, 0.4869]  # where those joints put the tool centre point, m
HELD = [0, -4.00, -0.64, 22.02, 0.63, 2.28, 0]  # the joint torques that carry the arm's weight there, Nm
ends = sys.argv[1:] or [f"tcp://127.0.0.1:{port}" for port in (7410, 7411, 7412, 7414)]  # action state scene verdict
action, arm, camera, verdicts = (zmq.Context.instance().socket(kind) for kind in (zmq.PUB, zmq.PUB, zmq.PUB, zmq.SUB))
verdicts.subscribe(f"odcv/2/verdict/{ARM}")
for socket, end in zip((action, arm, camera, verdicts), ends): socket.connect(end)
def send(socket, kind, number, message, boot=time.time_ns()):  # a new boot id at every start: seq begins again at 1
    message.header.robot_id, message.header.seq, message.header.boot_id = ARM, number, boot
    message.header.t_source_ns, message.header.clock = time.time_ns(), common.CLOCK_SIM  # the cell declares simulated time
    socket.send_multipart([f"odcv/2/{kind}/{ARM}".encode(), message.SerializeToString()])
for number in range(1, 500):
    send(action, "layout", number, robot.Layout(joint_name=JOINTS))
    send(arm, "state", number, robot.State(position=READY, velocity=[0] * len(JOINTS), effort=HELD, ee_position=TOOL, contact_complete=True, mode=1))
    send(camera, "people", number, scene.People(sensor_id=SENSOR, coverage_ok=True))  # nobody there
    time.sleep(0.02); send(action, "action", number, robot.Action(space=robot.JOINT_POSITION, position=READY))
    while verdicts.poll(0):
        verdict = odcv.Verdict.FromString(verdicts.recv_multipart()[1])
        if verdict.judged == odcv.COMMANDED and verdict.outcome == odcv.PASS: verdict.ClearField("core"), print(verdict), sys.exit()
sys.exit("no action passed in ten seconds; odcv-monitor status says what was refused")
