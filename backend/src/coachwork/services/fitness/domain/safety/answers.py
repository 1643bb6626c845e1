"""What the coach says instead of coaching, and to whom it refers the caller."""

from dataclasses import dataclass
from enum import StrEnum


class Concern(StrEnum):
    """Why a safe answer is given, the most urgent first."""

    SELF_HARM = "self_harm"
    MEDICAL_EMERGENCY = "medical_emergency"
    EATING_DISORDER = "eating_disorder"
    INJURY = "injury"


@dataclass(frozen=True)
class SafeAnswer:
    """What is said instead of coaching, and to whom the caller is referred."""

    concern: Concern
    text: str
    referral: str


SAFE_ANSWERS = {
    answer.concern: answer
    for answer in (
        SafeAnswer(
            Concern.SELF_HARM,
            "I am really sorry you are going through this. I am a fitness coach and not the right help for it, but"
            " you deserve someone to talk to right now. If you might act on these thoughts, call your emergency"
            " number (112 in Europe, 911 in the US and Canada, 999 in the UK). You can reach a crisis line at any"
            " hour: 988 in the US and Canada, 116 123 in the UK and Ireland, or findahelpline.com elsewhere. If you"
            " can, tell someone near you how you feel.",
            "crisis line or emergency services, now",
        ),
        SafeAnswer(
            Concern.MEDICAL_EMERGENCY,
            "Please stop exercising now. What you describe can be a medical emergency, and a coach cannot judge it."
            " Call your emergency number (112 in Europe, 911 in the US and Canada, 999 in the UK) or have someone"
            " take you to emergency care; do not drive yourself, and do not wait to see whether it passes. Do not"
            " train again until a doctor has cleared you.",
            "emergency services, now",
        ),
        SafeAnswer(
            Concern.EATING_DISORDER,
            "Thank you for saying this. I will not give targets or a plan for it, because it could hurt you: going"
            " without enough food, purging or punishing yourself with exercise puts your heart, bones and hormones"
            " at risk, at any body weight. Please talk to a doctor or a registered dietitian, or to someone you"
            " trust, about how you are eating and feeling. An eating-disorder helpline can help you find care near"
            " you: findahelpline.com lists them by country. If you faint, have chest pain or cannot keep fluids"
            " down, seek emergency care.",
            "a doctor, registered dietitian or eating-disorder helpline",
        ),
        SafeAnswer(
            Concern.INJURY,
            "I am sorry you are hurt. Stop the movement that causes the pain, and do not train through it. I cannot"
            " examine you, so I will not guess what it is or plan around it. See a doctor or physiotherapist before"
            " you load it again; go today, or to urgent care, if you heard a pop, cannot bear weight or move the"
            " joint, see it swollen or out of shape, feel numbness or weakness, or hit your head. Until then, rest"
            " it; gentle, pain-free movement of the rest of your body is usually fine. Once you are cleared, tell me"
            " what you may do and I will plan with that.",
            "a doctor or physiotherapist",
        ),
    )
}
