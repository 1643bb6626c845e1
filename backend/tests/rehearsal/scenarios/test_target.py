"""What the user asked for."""

from pathlib import Path

import pytest

from rehearsal.scenarios.errors import RehearsalError
from rehearsal.scenarios.target import Target, target_of


class TestChoiceOf:
    """Reading ENV, LAYOUT, PORT, TERRAFORM_SOURCES and MINUTE_SECONDS."""

    def test_nothing_said(self) -> None:
        """It is prod, in one function, on any port."""
        assert Target("prod", "single", 0) == target_of({})

    def test_all_said(self, tmp_path: Path) -> None:
        """Every variable is heard; spaces around it are not."""
        folder = tmp_path / "environments" / "mine"
        folder.mkdir(parents=True)
        (folder / "terraform.tfvars").touch()
        environ = {"ENV": " mine", "LAYOUT": "per_service ", "PORT": "8081", "TERRAFORM_SOURCES": str(tmp_path)}
        environ["MINUTE_SECONDS"] = "0.5"
        assert Target("mine", "per_service", 8081, tmp_path, 0.5) == target_of(environ)

    @pytest.mark.parametrize(
        ("variable", "value", "words"),
        [
            ("ENV", "production", "there is no environment 'production'; there are dev, prod, staging"),
            ("ENV", "../bootstrap", "there is no environment '../bootstrap'; there are dev, prod, staging"),
            ("LAYOUT", "many", "there is no layout 'many'; there are single and per_service"),
            ("PORT", "http", "PORT=http is not a port: wants a number from 0 to 65535"),
            ("PORT", "-1", "PORT=-1 is not a port: wants a number from 0 to 65535"),
            ("PORT", "65536", "PORT=65536 is not a port: wants a number from 0 to 65535"),
            ("MINUTE_SECONDS", "0", "MINUTE_SECONDS=0 is no time: wants a number of seconds above 0"),
            ("MINUTE_SECONDS", "nan", "MINUTE_SECONDS=nan is no time: wants a number of seconds above 0"),
            ("PORT", "٨", "PORT=٨ is not a port: wants a number from 0 to 65535"),
        ],
    )
    def test_what_there_is_not(self, variable: str, value: str, words: str) -> None:
        """It is refused, and told with what there is."""
        with pytest.raises(RehearsalError) as refused:
            target_of({variable: value})
        assert words == str(refused.value)

    def test_no_terraform_there(self, tmp_path: Path) -> None:
        """A folder without environments is named."""
        with pytest.raises(RehearsalError, match=rf"there is no folder environments with variables in {tmp_path}"):
            target_of({"TERRAFORM_SOURCES": str(tmp_path)})


class TestChoice:
    """What the chosen environment's files say."""

    def test_the_repositorys_own(self) -> None:
        """The region, the bucket for state and the front end's origin are read from them."""
        target = Target("dev")
        told = (target.region, target.state_bucket, target.origin)
        assert ("eu-central-1", "coachwork-state-123456789012-eu-central-1", "http://localhost:3000") == told

    def test_documents(self, tmp_path: Path) -> None:
        """Whether documents are served, the variables say: a deployment that lost them is no excuse."""
        folder = tmp_path / "environments" / "mine"
        folder.mkdir(parents=True)
        (folder / "terraform.tfvars").write_text("services = {\n  fitness = {}\n}\n")
        assert Target("dev").serves_documents
        assert not Target("mine", sources=tmp_path).serves_documents

    def test_a_second_region_of_prod(self, tmp_path: Path) -> None:
        """Its folder has another name, and it is prod all the same; the zone of its domain is read too."""
        folder = tmp_path / "environments" / "prod-eu-west-1"
        folder.mkdir(parents=True)
        said = 'environment = "prod"\ndomain = { name = "api.example.com", zone_name = "example.com" }\n'
        (folder / "terraform.tfvars").write_text(said)
        target = Target("prod-eu-west-1", sources=tmp_path)
        assert (True, "example.com") == (target.is_production, target.zone)
        assert (False, "") == (Target("dev").is_production, Target("dev").zone)

    def test_an_unsaid_region(self, tmp_path: Path) -> None:
        """The file that lacks it is named."""
        folder = tmp_path / "environments" / "mine"
        folder.mkdir(parents=True)
        (folder / "terraform.tfvars").write_text("cors_origins = []\n")
        target = Target("mine", sources=tmp_path)
        assert "" == target.origin
        with pytest.raises(RehearsalError, match=r"environments/mine/terraform\.tfvars does not say aws_region"):
            _ = target.region

    def test_no_backend(self, tmp_path: Path) -> None:
        """A missing file is told as one."""
        with pytest.raises(RehearsalError, match=r"environments/prod/backend\.hcl cannot be read: No such file"):
            _ = Target(sources=tmp_path).state_bucket
