"""Words of a few songs: first verses in the public domain, with whoever wrote them where that is known."""

__all__ = ["LYRICS"]

LYRICS: dict[str, tuple[str, str]] = {
    "aird-0021": (
        "",
        """The Campbells are comin', Oho, Oho!
The Campbells are comin', Oho, Oho!
The Campbells are comin' to bonnie Lochleven,
The Campbells are comin', Oho, Oho!""",
    ),
    "aird-0521": (
        "Thomas Morell",
        """See, the conquering hero comes!
Sound the trumpets, beat the drums.
Sports prepare, the laurel bring,
Songs of triumph to him sing.""",
    ),
    "aird-0577": (
        "Thomas Arne, after Metastasio",
        """Water parted from the sea
May increase the river's tide;
To the bubbling fount may flee,
Or thro' fertile valleys glide.""",
    ),
    "aird-0649": (
        "Henry Carey",
        """Of all the girls that are so smart
There's none like pretty Sally;
She is the darling of my heart,
And she lives in our alley.
There is no lady in the land
Is half so sweet as Sally;
She is the darling of my heart,
And she lives in our alley.""",
    ),
    "aird-0936": (
        "Robert Burns",
        """Ca' the yowes to the knowes,
Ca' them where the heather grows,
Ca' them where the burnie rowes,
My bonnie dearie.""",
    ),
    "foster-foster-1": (
        "Stephen Foster",
        """I dream of Jeanie with the light brown hair,
Borne, like a vapor, on the summer air;
I see her tripping where the bright streams play,
Happy as the daisies that dance on her way.
Many were the wild notes her merry voice would pour,
Many were the blithe birds that warbled them o'er:
Oh! I dream of Jeanie with the light brown hair,
Floating, like a vapor, on the soft summer air.""",
    ),
    "handel-rinaldo-1": (
        "Giacomo Rossi",
        """Lascia ch'io pianga
mia cruda sorte,
e che sospiri
la libertà.
Il duolo infranga
queste ritorte
de' miei martiri
sol per pietà.""",
    ),
    "johnson-anthem-1": (
        "James Weldon Johnson",
        """Lift every voice and sing,
Till earth and heaven ring,
Ring with the harmonies of Liberty;
Let our rejoicing rise
High as the listening skies,
Let it resound loud as the rolling sea.
Sing a song full of the faith that the dark past has taught us,
Sing a song full of the hope that the present has brought us;
Facing the rising sun of our new day begun,
Let us march on till victory is won.""",
    ),
    "liliuokalani-aloha-1": (
        "Queen Liliʻuokalani",
        """Haʻaheo ka ua i nā pali,
Ke nihi aʻela i ka nahele,
E hahai ana paha i ka liko
Pua ʻāhihi lehua o uka.
Aloha ʻoe, aloha ʻoe,
E ke onaona noho i ka lipo,
One fond embrace, a hoʻi aʻe au,
Until we meet again.""",
    ),
    "northumbrian-021": (
        "",
        """O the oak and the ash and the bonny ivy tree,
They flourish at home in my own country.""",
    ),
    "northumbrian-022": (
        "",
        """The sheep's in the meadow, the kye's in the corn,
Thou's ower lang in thy bed, bonny at morn.""",
    ),
    "northumbrian-023": (
        "",
        """I cannot get to my love if I should dee,
The water of Tyne runs between him and me;
And here I must stand with a tear in my e'e,
Both sighing and sickly, my sweetheart to see.""",
    ),
    "northumbrian-026": (
        "",
        """I drew my ship into a harbour,
I drew it up where my true love lay,
I drew it close by to her window,
To hear what my true love did say.""",
    ),
    "northumbrian-029": (
        "",
        """O the snow it melts the soonest when the winds begin to sing,
And the corn it ripens fastest when the frosts are setting in,
And when a woman tells me that my face she'll soon forget,
Before we part, I wad a crown, she's fain to follow't yet.""",
    ),
    "northumbrian-039": (
        "",
        """Bobby Shaftoe's gone to sea,
Silver buckles on his knee;
He'll come back and marry me,
Bonny Bobby Shaftoe.""",
    ),
    "northumbrian-057": (
        "",
        """As I came thro' Sandgate, thro' Sandgate, thro' Sandgate,
As I came thro' Sandgate, I heard a lassie sing:
O weel may the keel row, the keel row, the keel row,
O weel may the keel row that my laddie's in.""",
    ),
    "northumbrian-120": (
        "",
        """Blow the wind southerly, southerly, southerly,
Blow the wind south o'er the bonny blue sea;
Blow the wind southerly, southerly, southerly,
Blow, bonny breeze, my lover to me.""",
    ),
    "oneill-0058": (
        "",
        """Of all the money that e'er I had,
I spent it in good company;
And all the harm that e'er I've done,
Alas, it was to none but me.
And all I've done for want of wit
To memory now I can't recall;
So fill to me the parting glass,
Good night and joy be with you all.""",
    ),
    "oneill-0059": (
        "",
        """I would I were on yonder hill,
'Tis there I'd sit and cry my fill,
And every tear would turn a mill.""",
    ),
    "oneill-0203": (
        "Thomas Moore",
        """The minstrel boy to the war is gone,
In the ranks of death you'll find him;
His father's sword he has girded on,
And his wild harp slung behind him.
“Land of song!” said the warrior bard,
“Though all the world betrays thee,
One sword, at least, thy rights shall guard,
One faithful harp shall praise thee!”""",
    ),
    "oneill-0498": (
        "Edmund Falconer",
        """By Killarney's lakes and fells,
Emerald isles and winding bays,
Mountain paths and woodland dells,
Memory ever fondly strays.""",
    ),
    "oneill-0499": (
        "Alfred Bunn",
        """The heart bow'd down by weight of woe
To weakest hope will cling,
To thought and impulse while they flow
That can no comfort bring.""",
    ),
    "schumann-op48-2": (
        "Heinrich Heine",
        """Aus meinen Tränen sprießen
Viel blühende Blumen hervor,
Und meine Seufzer werden
Ein Nachtigallenchor.""",
    ),
}
"""Id of a piece: (author or "", words)."""
