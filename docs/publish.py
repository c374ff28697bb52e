# Publishes a Panda's Layout, State, People and Action to a running odcv-monitor and prints its Verdict; see publish.md.
import sys, time, zmq
from odcv.v1 import robot_pb2 as robot, scene_pb2 as scene, verdict_pb2 as odcv
ends = sys.argv[1:] or [f"tcp://127.0.0.1:{port}" for port in (7410, 7411, 7412, 7414)]  # action state scene verdict
action, arm, camera, verdicts = (zmq.Context.instance().socket(kind) for kind in (zmq.PUB, zmq.PUB, zmq.PUB, zmq.SUB))
verdicts.subscribe("odcv/2/verdict/panda")
for socket, end in zip((action, arm, camera, verdicts), ends): socket.connect(end)
ready = [0, -0.785, 0, -2.356, 0, 1.571, 0.785]  # rad
def send(socket, kind, number, message):
    message.header.robot_id, message.header.seq = "panda", number
    socket.send_multipart([f"odcv/2/{kind}/panda".encode(), message.SerializeToString()])
for number in range(1, 500):
    send(action, "layout", number, robot.Layout(joint_name=[f"panda_joint{joint}" for joint in range(1, 8)]))
    send(arm, "state", number, robot.State(position=ready, velocity=[0] * 7, contact_complete=True))
    send(camera, "people", number, scene.People(sensor_id="cell-camera", coverage_ok=True))  # nobody there
    time.sleep(0.02); send(action, "action", number, robot.Action(space=robot.JOINT_POSITION, position=ready))
    while verdicts.poll(0):
        verdict = odcv.Verdict.FromString(verdicts.recv_multipart()[1])
        if verdict.judged == odcv.COMMANDED and verdict.outcome == odcv.PASS: print(verdict); sys.exit()
