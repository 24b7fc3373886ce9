"""Hold a made-up file of ideal points, in the layout by session."""

from tests.scenarios.datasets.samples.base import Sample

SAMPLES = (
    Sample(
        "ideal_points",
        "IdealpointestimatesAll_Jun2024.csv",
        '"","ccode","session","NVotesAll","IdealPointAll","Q5%All","Q50%All","Q95%All","iso3c","Countryname",'
        '"IdealPointFP","NVotesFP"\n'
        '"1",2,1,42,1.67,1.1,1.66,2.2,"ALF","Alfa",1.5,25\n'
        '"2",2,2,38,1.97,1.2,1.95,2.4,"ALF","Alfa",1.6,21\n'
        '"3",40,2,38,-0.25,-0.9,-0.2,0.3,"CDL","Côte Delta",NA,NA\n',
        rows=3,
    ),
)
