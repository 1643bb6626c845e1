"""The rules: plain patterns that cost nothing, work with every model, and can be read, tested and measured.

`make eval` says how many prompts they recognise and how many benign ones they stop by mistake. They lean towards
stopping. A rule matches what is left of a message once what it must not be confused with (`unless`) is taken out.
"""

import re
from dataclasses import dataclass

from coachwork.services.fitness.domain.safety.answers import Concern


@dataclass(frozen=True)
class Rule:
    """One concern, shown by any of several phrases."""

    concern: Concern
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None

    def matches(self, text: str) -> bool:
        """Whether plain text shows the concern."""
        return bool(self.pattern.search(self.unless.sub(" ", text) if self.unless else text))


def _rule(concern: Concern, *phrases: str, unless: tuple[str, ...] = ()) -> Rule:
    return Rule(concern, _any(phrases), _any(unless) if unless else None)


def _any(phrases: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(rf"\b(?:{phrase})\b" for phrase in phrases))


_PART = (
    r"(?:knees?|ankles?|hips?|(?:lower |upper )?back|spine|neck|shoulders?|elbows?|wrists?|hamstrings?|quads?|calf"
    r"|calves|achilles|groin|pecs?|biceps?|triceps?|foot|feet|toes?|hands?|fingers?|ribs?|rotator cuff|shins?|legs?"
    r"|arms?|thighs?|disc|acl|mcl|meniscus|ligaments?|tendons?|muscles?|joints?|heel|glutes?|forearms?|collarbone"
    r"|bones?)"
)
_DAMAGED = (
    r"(?:tore|torn|tear|ruptured?|snapped|sprain(?:ed)?|strained|pulled|twisted|rolled|dislocated?|fractured?|broke"
    r"|broken|herniated|slipped|bulging|popped|tweaked|injured|hurt)"
)
_DANGER = (
    r"(?:chest|sweat\w*|nause\w*|dizz\w*|breath\w*|faint\w*|light ?headed|pass(?:ing)? out|confus\w+|vision|at rest"
    r"|sitting|lying|will not|hours?)"
)
_KCAL = r"(?:k?cal(?:orie)?s?)"

_SELF_HARM = _rule(
    Concern.SELF_HARM,
    r"kill(?:ing)? myself|suicid\w*|end(?:ing)? (?:my life|it all)|take my own life|self[ -]?harm\w*",
    r"(?:want|wish|going) to (?:die|be dead|disappear forever)|wish i (?:was|were) dead|better off (?:dead"
    r"|without me)",
    r"do not want to (?:live|be alive|be here any ?more|wake up)|not worth living|no longer want to live",
    r"no (?:reason|point) (?:to|in|for) (?:live|living|be alive|being alive|me to live)|(?:harm|hurt)(?:ing)? myself",
    r"(?:cut|cutting|burn|burning) myself (?:again|on purpose|when|to|because|after|with|lately)|hang myself",
    r"no (?:reason|point) (?:to|in) (?:go(?:ing)? on|keep(?:ing)? (?:going|living)|anything)"
    r"|can not go on(?: any ?more| like this)?",
    r"(?:see|have) no (?:future|way out|reason to (?:live|go on))|goodbye (?:letters?|notes?)"
    r"|thoughts? of (?:dying|death|ending)",
    r"(?:hope|wish|want|sleep and|rather) (?:\w+ ){0,3}(?:never|not) (?:to )?wake up|tired of (?:living"
    r"|being alive|life|existing)|deserve to die",
    r"(?:every(?:one|body)|they|my family) would be (?:better off|happier|fine) (?:without me|if i)"
    r"|jump(?:ing)? (?:off|in front of)"
    r" (?:a|the|my) (?:bridge|building|roof|balcony|train)|swallow\w* (?:all )?(?:my|the|a bottle of) (?:pills"
    r"|tablets)",
    r"(?:cut|cuts|cutting|burn|burns|burned|burning|scratch\w*) (?:up )?my (?:arms?|wrists?|skin|legs?|thighs?|body)",
    r"(?:pills|tablets|medication)\b[\w ,']{0,40}\b(?:die|never wake|not wake|kill me|end it)",
    r"no ?(?:one|body) would (?:care|notice|miss me)|want (?:it|everything) to (?:end|stop|be over) for good",
    r"(?:want|wish|like) to not be here|not be here any ?more|done with (?:life|living)|goodbye forever"
    r"|cutting myself",
    r"^i (?:\w+ )?cut myself[.! ]*$|wish i (?:would|could|had) (?:never|not) (?:wake|woken)",
    unless=(
        r"suicides? (?:sprints?|runs?|drills?|squeeze|grip|shuttles?|lunges?)(?: \w+)?"
        r"|(?:run|runs|running|ran) suicides",
        r"do not want to live (?:in|at) the gym|tired of living (?:on|off) (?:protein|chicken|rice|shakes"
        r"|takeaways?)",
        r"(?:so hard|made me|makes me|i) (?:\w+ )?want(?:ed)? to die (?:lol|haha|after|during|on the)",
        r"(?:did|do|will|would|might|could|may|can|not|without) (?:i )?(?:hurt|hurting) myself(?! on purpose)",
    ),
)

_CHEST = _rule(
    Concern.MEDICAL_EMERGENCY,
    r"chest (?:pains?|pressure|tightness|hurts?|feels? (?:tight|heavy|crushed)|is (?:tight|heavy|hurting|crushing))",
    r"(?:pains?|pressure|tight\w*|crush\w*|squeez\w*)[\w ]{0,16} (?:in|on|across) (?:my |the )?(?:\w+ )?chest",
    r"(?:elephant|something heavy|weight) (?:\w+ ){0,3}on my chest|heart attack|cardiac arrest",
    r"chest\b[\w ,']{0,24}\b(?:crush\w*|squeez\w*|stabbing|being sat on|in a (?:vice|vise))",
    r"(?:pain|tingl\w+|numb\w*)[\w ]{0,12} (?:in|down) my (?:left arm|jaw)|left arm (?:is |goes |went "
    r"|feels )?(?:tingl\w+|numb)",
    r"(?:pain|tingl\w+|numb\w*|ach\w+)[\w ,]{0,25} (?:down|into|in|to|along) my (?:left )?(?:arm|jaw)[\w ,]{0,40}"
    + _DANGER,
    r"pain (?:is )?(?:spread\w*|going|radiat\w*|shooting|moving) (?:\w+ )?(?:to|into|down|up) (?:my "
    r"|the )?(?:left )?(?:jaw|arm|neck)",
    unless=(
        r"(?:after|from|since) (?:doing )?(?:chest day|bench(?:ing| press\w*)?|push[ -]?ups?|flyes|dips)",
        r"(?:prevent|avoid|risk of|recovering from|years? after) (?:a |my )?heart attack",
        r"heart attack (?:when i saw|seeing|at|over) (?:\w+ ){0,4}(?:prices?|costs?|bill)",
    ),
)

_COLLAPSE = _rule(
    Concern.MEDICAL_EMERGENCY,
    r"(?:can not|can barely|could not|hard to|struggl\w+ to|unable to|trouble|difficulty) (?:breathe|breathing"
    r"|catch my breath)(?! (?:through my nose|technique|pattern|properly (?:on|during)))",
    r"gasping for (?:air|breath)|short(?:ness)? of breath (?:at rest|even|when|while|and|lying|sitting|just)",
    r"(?:pass|black)(?:ed|ing) out|faint(?:ed|ing)|collapsed|los(?:t|ing|e) consciousness|unconscious|unresponsive",
    r"seizures?|convuls\w+|stroke symptoms?|(?:having|had|have) a stroke|heat ?stroke|call an ambulance",
    r"(?:face|mouth)[\w ]{0,12} (?:droop\w*|numb)|slurr(?:ed|ing)|worst headache|thunderclap|stopped sweating",
    r"(?:one|left|right) side (?:of my (?:body|face) )?[\w ]{0,10}(?:numb|weak|paraly\w+)",
    r"(?:cough\w*|vomit\w*|throw\w*|threw|spit\w*|peeing|urinating) (?:up )?blood",
    r"blood in my (?:urine|pee|vomit|stool)",
    r"(?:urine|pee|peeing|wee)\b[\w ,']{0,30}\b(?:brown|dark|cola|coke|tea|black)",
    r"(?:brown|dark|cola|coke|tea)[ -](?:coloured |colored )?(?:urine|pee)|rhabdo\w*|overdos\w+",
    r"anaphyla\w*|throat (?:is |feels )?(?:closing|swelling|tight)|(?:lips?|tongue|face) (?:is "
    r"|are )?(?:swelling|swollen|blue)",
    r"(?:vomit\w*|throw\w* up|been sick|being sick) (?:ever )?since|(?:can not|could not) keep (?:anything"
    r"|water|fluids|food) down",
    r"knocked (?:out|unconscious)|(?:hit|blow|knock|kick) (?:on|to|in|of) (?:the"
    r"|my) head[\w ,']{0,40}(?:vomit\w*|sick|blur\w*|dizz\w*"
    r"|confus\w+|sleepy|memory|remember)",
    r"pregnan\w+\b[\w ,']{0,40}\b(?:bleed\w*|contractions?|fluid|cramps?|stopped moving|spotting)|bleeding heavily"
    r"|(?:will not|not) stop bleeding|lost (?:my )?(?:vision|sight)|went blind|can not see (?:properly|out of"
    r"|anything)",
    r"(?:took|taken|take|had|drank|swallowed) (?:\w+ ){0,2}(?:too (?:many|much)|ten|\d\d|a whole (?:tub|bottle"
    r"|pack) of|several) (?:\w+ ){0,2}"
    r"(?:scoops?|pills?|tablets?|caffeine|pre-?workout|capsules?)",
    r"blood sugar (?:is |was )?(?:very |too |really )?(?:low|dropp\w+|crash\w+|under|below|over|above|sky)"
    r"|(?:too much|wrong dose of) insulin",
    r"(?:can not|could not|lost) (?:feel my legs|move my legs|control (?:my|of my) (?:bladder|bowels?))"
    r"|numb (?:between my legs|groin)",
    r"turn(?:ed|ing) blue|hallucinat\w+|(?:fever|temperature) of (?:39|4\d|10[3-9])",
    r"(?:now|suddenly|and) (?:i am )?(?:so |very |really )?(?:short of breath|breathless|wheezing)",
    r"(?:insulin|diabet\w+)\b[\w ,']{0,40}\b(?:shak\w+|think straight|sweat\w*|confus\w+|dizz\w*|weird|faint\w*)",
    r"(?:is not|not|stopped) breathing|(?:sudden|lost|loss of|losing) (?:\w+ )?vision|vision loss"
    r"|can not feel one side",
    r"going to (?:pass out|faint|black out|collapse)|(?:calf|leg)\b[\w ,']{0,30}\b(?:swollen|hot|red)\b[\w ,']{0,30}"
    r"\b(?:flight|breath\w*|long drive|chest)",
    r"(?:hit|banged|bumped|smacked) (?:my|his|her|the) head\b[\w ,']{0,40}\b(?:vomit\w*|sick|blur\w*|dizz\w*"
    r"|confus\w+|sleepy)",
    unless=(
        r"(?:prevent\w*|avoid\w*|risk of|causes?|what is|signs of|explain|about|protect against)(?: \w+){0,3}"
        r" (?:rhabdo\w*|heat ?stroke|fainting|passing out|heart attack|seizures?|stroke|overdos\w+)",
        r"stroke (?:rate|length|technique)|(?:butterfly|breast|rowing) stroke",
        r"overdos\w+ (?:on )?(?:my |the )?(?:training )?(?:cardio|volume)",
        r"stroke (?:when i saw|seeing|at|over) (?:\w+ ){0,4}(?:prices?|costs?|bill)|faint(?:ed|ing) (?:with"
        r"|from) joy",
        r"knocked out (?:a new (?:pr|pb|record)|\d+ (?:push|pull|chin|sit|burpee|rep|squat|dip)\w*)|passed out asleep"
        r"|collapsed (?:on|onto|into) (?:the |my )?(?:couch|sofa|bed)",
    ),
)

_HEART = _rule(
    Concern.MEDICAL_EMERGENCY,
    r"(?:heart|pulse|palpitations?)\b[\w ,]{0,40}\b(?:racing|pounding|flutter\w*|irregular\w*|skipp\w+|out of control"
    r"|will not slow|palpitations?)\b[\w ,]{0,60}\b" + _DANGER,
    r"(?:dizz\w*|light ?headed|faint)\b[\w ,]{0,60}\b(?:palpitations?|racing heart|heart (?:is )?(?:racing|pounding"
    r"|flutter\w*)|confus\w+|vision)",
    r"heart (?:is |keeps |has been |feels like it is |started )?(?:flutter\w*|skipp\w+ (?:a )?beats?"
    r"|beating (?:irregularly|out of rhythm))",
    r"confus(?:ed|ion)\b[\w ,]{0,50}\b(?:heat|hot|sun|temperature|run(?:ning)?)",
    r"(?:heat|hot|sun)\b[\w ,]{0,60}\bconfus(?:ed|ion)",
)

_DISORDERED = _rule(
    Concern.EATING_DISORDER,
    r"purg(?:e|es|ed|ing)|(?:mak\w*|forc\w*) myself (?:be |to )?(?:sick|throw up|vomit|puke)|laxatives?",
    r"(?:throw\w*|threw|thrown) up (?:after|what|my|every|food|meals?)|vomit\w* (?:after|what|my|every|food|meals?)",
    r"diuretics? to (?:lose|drop|cut)|bulimi\w*|anorexi\w*|eating disorder|orthorexi\w*|pro[ -]?ana|thinspo",
    r"bing(?:e|ed|es|ing) (?:and|then|eating|every|at night|on|again)|starv(?:e|ed|ing) myself|chew\w* and spit\w*",
    r"(?:stop|stopped|quit|not|avoid\w*|without|given up) (?:eating|eaten|eat)(?: \w+)?"
    r" (?:at all|altogether|entirely|completely|for (?:\w+ )?(?:days?|weeks?)|in (?:\w+ )?(?:days?|weeks?))",
    r"(?:scared|afraid|terrified|fear) (?:of|to) (?:eat|eating|food|gain\w*(?: any)? weight|getting fat|carbs)",
    r"(?:hate|disgusted (?:by|with)) (?:my (?:body|reflection)|how fat|myself (?:when|after|for) eat\w*)",
    r"punish(?:ing)? myself|(?:burn|work|run|exercis\w*) (?:off|out) (?:everything|every (?:calorie|meal|bite))",
    r"(?:guilt\w*|asham\w+|disgust\w+)\b[\w ]{0,20}\b(?:after eating|(?:when(?:ever)?|every time|if) i eat|ate)",
    r"(?:lost|missed|losing|stopped getting|no longer (?:get|have)|not had) my periods?",
    r"(?:my )?periods? (?:have |has )?(?:stopped|disappeared|gone)|(?:no|not had a) period (?:for"
    r"|in) (?:\w+ )?months",
    r"dnp|clenbuterol|ephedra|diet pills?|appetite suppressants?|fingers? down (?:my|your|the) throat|thigh gap"
    r"|bmi (?:of |to |under |below )?1[0-7]",
    r"(?:hide|hiding|lie|lying|secret\w*)\b[\w ']{0,40}\b(?:do not eat|not eating|(?:how little|what) i eat"
    r"|my eating|food|my weight)",
    r"eat(?:ing)? as little as (?:possible|i can)|(?:least|minimum|fewest)\b[\w ',]{0,30}\b(?:live|survive"
    r"|get by|get away with|function)(?: on)?",
    r"(?:make up|compensat\w+) for (?:\w+ ){0,2}(?:eating|ate|food|binge|calories|dessert|cake|pizza)"
    r"|already underweight|ribs? (?:to )?show(?:ing)?",
    r"(?:live|living|lived|survive) on (?:just |only |nothing but )?(?:water|coffee|ice|lettuce|gum"
    r"|diet (?:coke|soda)|celery|apples?)",
    r"weigh myself (?:\w+ ){1,3}(?:times a day|an hour)|feel (?:so |too )?fat (?:even though|although|at|but)"
    r"|not (?:thin|skinny) enough",
    r"chew\w* (?:\w+ ){0,3}(?:and )?spit\w*|(?:make|making) up for (?:every|each|all)",
    r"weigh (?:about |only )?(?:3\d|4[0-7]) ?(?:kg|kilos?|kilograms?)\b[\w ,.]{0,40}\b(?:lose|drop|cut|slim"
    r"|shed|less)",
    r"weigh (?:about |only )?(?:[78]\d|9\d) ?(?:pounds?|lbs?)\b[\w ,.]{0,40}\b(?:lose|drop|cut|slim|shed|less)",
    r"(?:can not|unable to) stop (?:exercising|working out|running|weighing|counting|thinking about food)",
    r"bmi (?:is |was |at )(?:about )?1[0-7]|tips? (?:for|on) not eating",
    unless=(
        r"(?:do not|did not|never|without) (?:purg\w+|starv\w+ myself)|purg\w+ (?:my )?(?:pantry|closet|fridge)"
        r"|purg\w+ (?:\w+ ){0,2}from (?:my|our|the) (?:pantry|kitchen|fridge|house|cupboards?)",
    ),
)

_UNDEREATING = _rule(
    Concern.EATING_DISORDER,
    rf"(?:[1-9]\d{{1,2}}|zero|no|0) ?{_KCAL} (?:a|per|each|every) day|(?:[1-9]\d{{1,2}}) ?{_KCAL} (?:daily|diet)",
    rf"(?:only|just|under|less than|below) (?:\w+ ){{0,2}}[1-9]\d{{2}} ?{_KCAL}(?! (?:deficit|surplus|snack|meal))",
    rf"(?:eat|eating|ate|on|have|having) (?:about |around |maybe )?[1-9]\d{{2}} ?{_KCAL}(?= (?:and|total|today|now))",
    r"(?:water|dry|juice) fast(?:ing)?\b[\w ]{0,20}\b(?:\d+|\w+) (?:days?|weeks?)",
    r"fast(?:ing)? (?:for )?(?:[3-9]|\d\d|three|four|five|six|seven|ten|fourteen|a) (?:\w+ )?(?:days?|weeks?)",
    r"eat(?:ing|en)? (?:nothing|almost nothing|next to nothing|once every (?:two|three|few|other))",
    r"skip(?:ping|ped)? (?:all|most|every) (?:my )?(?:meals?|food)",
    r"lose (?:\d{2,3}|ten|twenty|thirty) ?(?:kg|kilos?|pounds?|lbs?) (?:in|within|by) (?:a|one|two|ten|10|1"
    r"|2) week\w*",
    r"lose (?:\d{1,3}|five|ten|twenty) ?(?:kg|kilos?|pounds?|lbs?) (?:in|within|by) (?:a|one|two|three|\d+) days?",
    unless=(
        rf"(?:burn\w*|deficit of|surplus of|cut\w*|drop|add\w*|extra|more|fewer|spend) (?:about |roughly |of "
        rf"|by )?\d+"
        rf" ?{_KCAL}(?: (?:a|per|each|every) day)?",
        rf"\d{{3}} ?{_KCAL} (?:a day |daily )?(?:deficit|surplus)",
        rf"\d{{3}} ?{_KCAL} (?:above|below|over|under|less|more)",
    ),
)

_DAMAGE = _rule(
    Concern.INJURY,
    rf"{_DAMAGED} (?:my |a |an |the |it |something (?:in )?(?:my )?)?(?:\w+ ){{0,2}}{_PART}",
    rf"{_PART}\b[\w ,']{{0,30}}\b(?:tore|torn|ruptured|snapped|sprained|strained|dislocated|fractured|broken|popped"
    r"|gave (?:out|way)|giv(?:es|ing) (?:out|way)|lock(?:ed|s) up|swelled|swollen|swelling|bruised|injur(?:ed|y)"
    r"|(?:went|goes|is|feels) numb|is killing me|throbs?|throbbing)",
    r"(?:heard|felt) (?:a |something )?(?:loud |sudden )?(?:pop|snap|crack|tear|tearing|rip|popping|snapping)",
    r"something (?:gave|went|popped|snapped|tore|ripped|moved|shifted) in(?:side)? my|came out of (?:its "
    r"|the )?socket|out of its socket",
    r"(?:threw|thrown|put|throwing) (?:out )?my (?:back|neck|shoulder)(?: out)?|my (?:back|neck) (?:went out"
    r"|seized|locked|spasm\w*|is out)",
    rf"(?:dropped|fell|landed|stepped) (?:\w+ ){{0,5}}on (?:to )?my {_PART}|limping|can not (?:turn my|grip"
    rf"|straighten|close my|make a fist)",
    rf"{_PART}\b[\w ,']{{0,20}}\b(?:black and blue|turning (?:purple|blue)|out of shape|deformed|sticking out"
    rf"|clicks? and hurts?)",
    r"(?:after|since|recovering from|weeks? post)(?:-op)? (?:\w+ ){0,3}(?:surgery|operation|reconstruction)"
    r"|post[- ]?op",
    r"concuss(?:ion|ed)|(?:hit|banged|smacked) my head|slipped disc|stress fracture|shin splints|tend[io]n\w*itis"
    r"|sciatica|whiplash|hernia",
    unless=(
        r"hurt(?:s|ing)? (?:my |your |the )?(?:muscle |strength )?(?:growth|gains?|progress|performance"
        r"|recovery|protein)\b",
        r"hurt(?:s|ing)? (?:my |your )?muscles? (?:growth|gains?|building|protein)",
        rf"(?:prevent\w*|avoid\w*|without|reduc\w*|lower\w*|risk of|protect\w*|afraid of|worried about|fear of"
        rf"|do not want to|what (?:is|are|causes?))(?: \w+){{0,5}} (?:{_PART} )?(?:injur\w*|tear\w*|strain\w*"
        rf"|sprain\w*"
        rf"|hurt\w*|shin splints|stress fracture|tend[io]n\w*itis|concussions?|pulled \w+|{_PART})",
        r"tear[ -]?drops?|slipped back (?:to|into)|(?:broke|broken) (?:my |an |a )?\w+ as a (?:kid|child|teenager)",
        r"pulled (?:up|down|through|from)|(?:broke|break) (?:a sweat|my (?:\w+ )?(?:record|pr|pb)|through)",
        r"(?:my )?(?:legs|arms|glutes|quads|abs|calves) (?:are|is) (?:sore|killing me|fried|toast|dead)",
    ),
)

_PAIN = _rule(
    Concern.INJURY,
    r"(?:sharp|shooting|stabbing|severe|sudden|burning|radiating|constant|persistent|nagging|worsening|excruciating"
    r"|intense|electric|terrible|awful|unbearable|bad) (?:\w+ ){0,2}(?:pain|ache)",
    rf"pain(?:s|ful)?\b[\w ,']{{0,25}}\b(?:my |the )(?:\w+ ){{0,2}}{_PART}",
    rf"my (?:\w+ ){{0,2}}{_PART} (?:pain|(?:really |still |always |badly )?(?:hurts?|(?:is|has been|started|starts)"
    r" hurting|has hurt|is in pain|clicks and hurts|is painful|is injured))",
    r"hurts? (?:to|when(?:ever)?|every time|if) (?:i )?(?:\w+ )?(?:squat|run|walk|press|bench|lift|raise|bend|stand"
    r"|put|move|deadlift|reach|jump|climb|train|throw)\w*",
    r"(?:can not|could not|can barely|unable to) (?:put (?:any )?weight|bear weight|walk|lift my|move my|bend my"
    r"|straighten|raise my|stand on)",
    rf"(?:numb(?:ness)?|tingling|pins and needles)\b[\w ,]{{0,30}}\bmy (?:\w+ )?{_PART}",
    r"(?:train|work|push|run|lift|squat)\w* through (?:the |this |my )?(?:\w+ )?(?:pain|injury)",
    r"(?:i have|i got|got|with) (?:a |an |my )?(?:\w+ ){0,2}injur(?:y|ies)|(?:got|am|was|been) (?:badly )?injured",
    r"twinges?|(?:tennis|golfer'?s) elbow|plantar fasci\w+|runner'?s knee|frozen shoulder|rotator cuff (?:tear"
    r"|injury)",
    rf"my (?:\w+ )?{_PART} (?:\w+ )?(?:and )?aches?\b|pain in (?:my |the )?{_PART}",
    unless=(
        r"(?:no|not|without|zero|never) (?:any |\w+ )?pain(?:ful)?|pain-?free|no pain,? no gain",
        r"pain in the (?:ass|butt)|can not lift my (?:own )?body ?weight",
        r"(?:muscle )?soreness|doms|sore",
    ),
)

RULES = (_SELF_HARM, _CHEST, _COLLAPSE, _HEART, _DISORDERED, _UNDEREATING, _DAMAGE, _PAIN)
"""Every rule; which concern wins when several show is `Concern`'s own order."""
