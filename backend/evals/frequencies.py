"""Write the document frequencies the offline embedder weighs features by: `python -m evals.frequencies`."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from coachwork.chassis.models import lexical

BACKEND = Path(__file__).parents[1]
_RARE = 2
"""What occurs in so many documents or fewer weighs the same as what occurs in none, and is left out."""


def main() -> None:
    """Count in how many passages and exercises each feature occurs, and write what occurs more than once."""
    texts = [f"{item['title']}\n\n{item['text']}" for item in _seed("passages")]
    texts += ["\n\n".join([item["name"], " ".join(item["instructions"])]) for item in _seed("exercises")]
    counts = Counter(feature for text in texts for feature in lexical.features(text))
    content: dict[str, Any] = {
        "documents": len(texts),
        "frequencies": {feature: count for feature, count in sorted(counts.items()) if count > _RARE},
    }
    target = Path(lexical.__file__).with_name("lexical_frequencies.json")
    target.write_text(json.dumps(content, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    print(f"{len(texts)} documents, {len(content['frequencies'])} features -> {target.relative_to(BACKEND)}")


def _seed(name: str) -> list[dict[str, Any]]:
    content: list[dict[str, Any]] = json.loads((BACKEND / f"seeds/fitness/{name}.json").read_text("utf-8"))
    return content


if __name__ == "__main__":
    main()
