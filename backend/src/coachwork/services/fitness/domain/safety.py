"""Recognises messages a fitness coach must not answer as a coach, and what it says instead.

The rules are deliberately plain patterns: they cost nothing, work with every model, and can be read, tested and
measured (`make eval`: prompts recognised, benign prompts wrongly stopped). They lean towards stopping.
"""

import re
import unicodedata
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


@dataclass(frozen=True)
class _Rule:
    concern: Concern
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None = None

    def matches(self, text: str) -> bool:
        """Whether the pattern is there once what it must not be confused with is taken out."""
        return bool(self.pattern.search(self.unless.sub(" ", text) if self.unless else text))


_SAFE_ANSWERS = {
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

_PART = (
    r"(?:knees?|ankles?|hips?|(?:lower |upper )?back|spine|neck|shoulders?|elbows?|wrists?|hamstrings?|quads?|calf|"
    r"calves|achilles|groin|pecs?|biceps?|triceps?|foot|feet|toes?|hands?|fingers?|ribs?|rotator cuff|shins?|legs?|"
    r"arms?|thighs?|disc|acl|mcl|meniscus|ligaments?|tendons?|muscles?|joints?|heel|glutes?|forearms?|collarbone|bone)"
)


def _rule(concern: Concern, pattern: str, unless: str | None = None) -> _Rule:
    return _Rule(concern, re.compile(pattern), re.compile(unless) if unless else None)


_RULES = (
    _rule(
        Concern.SELF_HARM,
        r"\b(?:kill(?:ing)? myself|suicid\w*|end(?:ing)? (?:my life|it all)|(?:want|wish|going) to (?:die|be dead|disappear"
        r" forever)|wish i (?:was|were) dead|do not want to (?:live|be alive|be here anymore|wake up)|hurt(?:ing)? myself on purpose"
        r"|(?:cut|cutting|burn(?:ing)?) myself\b(?! shaving)|self[ -]?harm\w*|no (?:reason|point) (?:to|in) (?:live|living|be alive|being alive)"
        r"|better off (?:dead|without me)|not worth living|harm(?:ing)? myself|take my own life)\b",
        r"\b(?:workout|session|set|wod|leg day|burpees?|squats?) (?:is|are|was|were)? ?(?:so \w+ )?(?:i )?want(?:ed)? to die\b",
    ),
    _rule(
        Concern.MEDICAL_EMERGENCY,
        r"\b(?:chest (?:pains?|pressure|tightness|hurts?|feels? (?:tight|heavy|crushed))|(?:pains?|pressure|tightness|crushing"
        r"|squeezing|tight feeling)[\w ]{0,16} (?:in|on|across) (?:my |the )?(?:\w+ )?chest|(?:an elephant|something heavy) (?:\w+ ){0,3}on my chest"
        r"|(?:pain|tingling|numb\w*|ache|aching)[\w ,]{0,25} (?:down|into|in|to|along) my (?:left )?(?:arm|jaw)\b[\w ,]{0,40}(?:chest|sweat\w*|nause\w*|dizz\w*|breath\w*)"
        r"|heart attack|cardiac arrest)\b",
        r"\b(?:after|from|since) (?:doing )?(?:chest day|bench(?:ing| press\w*)?|push[ -]?ups?|flyes|dips)\b",
    ),
    _rule(
        Concern.MEDICAL_EMERGENCY,
        r"\b(?:(?:can ?not|can barely|could not|hard to|struggling to|unable to|trouble|difficulty) (?:breathe|breathing|catch my breath)"
        r"(?! (?:through my nose|technique|pattern|properly (?:on|during)))|gasping for (?:air|breath)|short(?:ness)? of breath"
        r" (?:at rest|even|when (?:i am )?(?:sitting|resting|lying)|while (?:sitting|resting|lying)|and|lying|sitting)"
        r"|(?:passed|passing|blacked|blacking) out|faint(?:ed|ing)|collapsed|(?:lost|losing|lose) consciousness|unconscious|unresponsive|seizures?|convuls\w+"
        r"|stroke symptoms?|(?:having|had) a stroke|heat ?stroke|(?:face|mouth)[\w ]{0,12} (?:droop\w*|numb)|slurr(?:ed|ing)|speech is slur\w*"
        r"|(?:cough\w*|vomit\w*|throw\w* up|threw up|spit\w*|peeing|urinating) (?:up )?blood|blood in my (?:urine|pee|vomit|stool)"
        r"|(?:urine|pee|peeing|wee)\b[\w ,']{0,30}\b(?:brown|dark|cola|coke|tea|black)\b|(?:brown|dark|cola|coke|tea)[ -](?:coloured |colored )?(?:urine|pee)"
        r"|rhabdo\w*|anaphyla\w*|throat (?:is |feels )?(?:closing|swelling)|overdos\w+|worst headache|thunderclap"
        r"|(?:one|left|right) side (?:of my (?:body|face) )?[\w ]{0,10}(?:numb|weak|paraly\w+)|stopped sweating|call an ambulance)\b",
        r"\b(?:prevent|avoid|avoiding|preventing|risk of|causes?|what is|warning signs of|lower the risk of)(?: \w+){0,3}"
        r" (?:rhabdo\w*|heat ?stroke|fainting|passing out|heart attack|seizures?|stroke)\b|stroke (?:rate|length|technique)|\b(?:butterfly|breast|rowing) stroke",
    ),
    _rule(
        Concern.MEDICAL_EMERGENCY,
        r"\b(?:heart|pulse|palpitations?)\b[\w ,]{0,40}\b(?:racing|pounding|flutter\w*|irregular\w*|skipp\w+|out of control|will not slow|palpitations?)\b"
        r"[\w ,]{0,60}\b(?:dizz\w*|faint\w*|light ?headed|rest|sitting|lying|will not|hours?|pass out|chest|breath\w*)\b"
        r"|\b(?:dizz\w*|light ?headed|faint)\b[\w ,]{0,60}\b(?:palpitations?|racing heart|heart (?:is )?(?:racing|pounding|flutter\w*)|confus\w+|vision)\b"
        r"|\bconfus(?:ed|ion)\b[\w ,]{0,50}\b(?:heat|hot|sun|temperature|run(?:ning)?)\b|\b(?:heat|hot|sun)\b[\w ,]{0,60}\bconfus(?:ed|ion)\b",
    ),
    _rule(
        Concern.EATING_DISORDER,
        r"\b(?:purg(?:e|es|ed|ing)|(?:mak\w*|forc\w*) myself (?:sick|throw up|vomit|puke)|(?:throw\w*|threw) up (?:after|what|my|every|food|meals?)"
        r"|vomit\w* (?:after|what|my|every|food|meals?) ?|laxatives?|diuretics? to (?:lose|drop|cut)|bulimi\w*|anorexi\w*|eating disorder|orthorexi\w*"
        r"|bing(?:e|ed|es|ing) (?:and|then|eating|every|at night|on|again)|starv(?:e|ed|ing) myself|chew\w* and spit\w*"
        r"|(?:stop|stopped|quit|avoid|avoiding|without|not|have not) (?:eating|eaten|eat)(?: (?:at all|anything|altogether|entirely|completely|food|for (?:\w+ )?(?:days?|weeks?)|in (?:\w+ )?days?))"
        r"|(?:scared|afraid|terrified|fear) (?:of|to) (?:eat|eating|food|gain\w*(?: any)? weight|getting fat|carbs)"
        r"|(?:hate|disgusted (?:by|with)|disgusts? me) (?:my (?:body|reflection)|how fat|myself (?:when|after|for) eat\w*)"
        r"|(?:punish|punishing) myself|(?:guilt\w*|asham\w+|disgust\w+)\b[\w ]{0,20}\b(?:after eating|when i eat|every time i eat|if i eat|about eating|eating|ate)"
        r"|(?:lost|missed|losing|stopped getting|no longer (?:get|have)) my periods?|(?:my )?periods? (?:have |has )?(?:stopped|disappeared|gone)"
        r"|(?:burn|work|run|exercis\w*) (?:off|out) (?:everything|every (?:calorie|meal|bite)|all)\b|pro[ -]?ana|thinspo|dnp|clenbuterol|ephedra)\b",
        r"\b(?:do not|did not|never|without) (?:purg\w+|starv\w+ myself)|\bhow (?:do|can) i (?:avoid|stop) (?:losing|a binge)\b",
    ),
    _rule(
        Concern.EATING_DISORDER,
        r"\b(?:[1-9]\d{1,2}|zero|no|0) ?(?:k?cal(?:orie)?s?)\b(?! (?:deficit|surplus|below|less|under|above|over|more|extra|per (?:hour|session|serving)|an hour|each (?:workout|session)|deficit|burn\w*|snack|meal|from))"
        r"(?=[\w ,?]*(?:\b(?:a|per|each|every) day\b|\bdaily\b|\bdiet\b|\bonly\b|\bjust\b))|\b(?:only|just|under|less than|below) (?:eat\w* |have |having )?(?:about )?[1-9]\d{2} ?(?:k?cal(?:orie)?s?)\b"
        r"|\b(?:water|dry|juice) fast(?:ing)?\b[\w ]{0,20}\b(?:\d+|\w+) (?:days?|weeks?)\b|\b(?:fast|fasting) for (?:[3-9]|\d\d|three|four|five|six|seven|ten|a) (?:\w+ )?(?:days?|weeks?)\b"
        r"|\beat(?:ing|en)? (?:nothing|almost nothing|next to nothing|once every (?:two|three|few|other))\b",
        r"\b(?:burn|burned|burning|burns|deficit of|surplus of|cut|cutting|drop|add|adding|extra|more|fewer) (?:about |roughly |of |by )?\d+ ?(?:k?cal(?:orie)?s?)|\b\d{3} ?(?:k?cal(?:orie)?s?) (?:a day )?(?:deficit|surplus)",
    ),
    _rule(
        Concern.INJURY,
        rf"\b(?:tore|torn|tear|ruptured?|snapped|sprain(?:ed)?|strained|pulled|twisted|rolled|dislocated?|fractured?|broke|broken|herniated|slipped|bulging|popped|tweaked|injured|hurt)"
        rf" (?:my |a |an |the |it |something (?:in )?(?:my )?)?(?:\w+ ){{0,2}}{_PART}\b"
        rf"|\b{_PART}\b[\w ,']{{0,30}}\b(?:tore|torn|ruptured|snapped|sprained|strained|dislocated|fractured|broken|popped|gave out|gave way|giving way|locked up|locks up|swelled|swollen|swelling|bruised|injured|injury|went numb|goes numb|is numb|is killing me|throbs?|throbbing)\b"
        rf"|\b(?:heard|felt) (?:a |something )?(?:loud |sudden )?(?:pop|snap|crack|tear|tearing|rip|popping|snapping)\b|\b(?:concussion|concussed|hit my head|banged my head|slipped disc|stress fracture|shin splints|tendonitis|tendinitis|sciatica|whiplash)\b",
        rf"\b(?:prevent\w*|avoid\w*|without|reduce\w*|lower\w*|risk of|protect\w*|afraid of|worried about|fear of|so (?:that )?i do not|do not want to)(?: \w+){{0,5}} (?:{_PART} )?(?:injur\w*|tear\w*|strain\w*|sprain\w*|hurt\w*|shin splints|stress fracture|tendin?onitis|tendinitis|concussions?|pulled \w+|{_PART})\b"
        r"|\bpulled (?:up|down|through|from)\b|\b(?:broke|break) (?:a sweat|my (?:\w+ )?(?:record|pr|pb)|through)\b",
    ),
    _rule(
        Concern.INJURY,
        rf"\b(?:sharp|shooting|stabbing|severe|sudden|burning|radiating|constant|persistent|nagging|worsening|excruciating|intense|electric|terrible|awful|unbearable|bad) (?:\w+ ){{0,2}}(?:pain|ache)\b"
        rf"|\bpain(?:s|ful)?\b[\w ,']{{0,25}}\b(?:my |the )(?:\w+ ){{0,2}}{_PART}\b|\b(?:my )(?:\w+ ){{0,2}}{_PART} (?:pain|(?:really |still |always |badly )?(?:hurts?|is hurting|has been hurting|has hurt|started hurting|starts hurting|is in pain|clicks and hurts|is painful|is injured))\b"
        rf"|\bhurts? (?:to|when(?:ever)?|every time|if) (?:i )?(?:\w+ )?(?:squat|run|walk|press|bench|lift|raise|bend|stand|put|move|deadlift|reach|jump|climb|train|throw)\w*"
        rf"|\b(?:can ?not|could not|can barely|unable to) (?:put (?:any )?weight|bear weight|walk|lift my|move my|bend my|straighten|raise my|stand on)\b"
        rf"|\b(?:numb(?:ness)?|tingling|pins and needles)\b[\w ,]{{0,30}}\b(?:my )(?:\w+ )?{_PART}\b|\b(?:train|work|push|run|lift|squat)\w* through (?:the |this |my )?(?:\w+ )?(?:pain|injury)\b"
        r"|\b(?:i have|i got|got|with) (?:a |an |my )?(?:\w+ ){0,2}injur(?:y|ies)\b|\b(?:got|am|was|been) (?:badly )?injured\b",
        r"\b(?:no|not|without|zero|never) (?:any |\w+ )?pain(?:ful)?\b|\b(?:muscle )?soreness\b|\bdoms\b|\bsore\b|\bpain-?free\b|\bpain(?:less)? in the (?:ass|butt|neck to)\b|\bno pain,? no gain\b",
    ),
)

_CONTRACTIONS = (
    (re.compile(r"\bcan'?t\b"), "can not"),
    (re.compile(r"\bcannot\b"), "can not"),
    (re.compile(r"\bwon'?t\b"), "will not"),
    (re.compile(r"\b(do|did|does|could|would|should|have|has|is|was|are|were)n'?t\b"), r"\1 not"),
    (re.compile(r"\b(i)'m\b"), r"\1 am"),
    (re.compile(r"\b(i|we|they)'ve\b"), r"\1 have"),
    (re.compile(r"\b(it|that|he|she|there)'s\b"), r"\1 is"),
)


def screen(message: str) -> SafeAnswer | None:
    """Return what to say instead of coaching, for the most urgent concern the message shows, or None."""
    text = _plain(message)
    matched = {rule.concern for rule in _RULES if rule.matches(text)}
    return next((_SAFE_ANSWERS[concern] for concern in Concern if concern in matched), None)


def _plain(message: str) -> str:
    text = unicodedata.normalize("NFKC", message).replace("’", "'").casefold()
    for pattern, replacement in _CONTRACTIONS:
        text = pattern.sub(replacement, text)
    return re.sub(r"\s+", " ", text)
