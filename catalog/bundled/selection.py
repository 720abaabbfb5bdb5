"""The pieces of the bundled library, chosen by hand: numbers in their sources, and titles as they should read.

Every title of the sources was read. Left out: racist, obscene, sectarian and mocking ones, minstrel-show numbers, tunes
whose transcription is damaged, and doubtful keys. Misprints of the sources are put right here and nowhere else.
Each table says in its first line what its columns are; a column left empty at the end may be missing. A tempo mark
after ~ is not in the score but ours.
"""

ONEILL = """
number | title | other
1 | The Enchanted Valley
6 | The Dark Woman of the Glen
22 | The Woods of Kilmurry
47 | Rory Dall's Sister's Lament
51 | Little Brother of My Heart
52 | The Castle of Dromore
58 | The Parting Glass
59 | Shule Aroon
69 | O'Carolan's Lament
70 | The Little Black Rose
73 | The Dear Irish Boy
76 | The Widow's Daughter
108 | The Dawning of the Day
156 | The Widowed Bride
161 | The Caves of Cong
170 | The Wild Geese
180 | Slieve Gallen
185 | The Foggy Dew
188 | Londonderry Love Song
190 | O! Sweet Adare
203 | The Minstrel Boy
209 | Lord Mayo
216 | The Alewoman
233 | A Lullaby
274 | Achill Air
282 | The Gentle Maiden
300 | The Winter Is Past | Tá an Geimhreadh Thart
355 | Sad Is My Fate
382 | The Young Man's Dream
389 | A Mother's Lamentation
425 | The Banks of the Barrow
456 | The Grave of Wolfe Tone
475 | The Bird Alone
485 | Grace O'Malley
498 | Killarney
499 | The Heart Bowed Down
576 | Logan Water
627 | Captain O'Kane
628 | Young Catherine
629 | Young Terence McDonough
633 | O'Carolan's Concerto
641 | Princess Royal
644 | Winnifred
653 | Dermot O'Dowd
654 | Isabella Burke
655 | Blind Mary
656 | Planxty Johnston
657 | Planxty George Brabazon
675 | Planxty Lady Wrixon
677 | Planxty Irwin
682 | Planxty Hugh O'Donnell
697 | Planxty Madam Crofton
699 | O'Carolan's Farewell
705 | The Pipe on the Hob
708 | The Gold Ring
730 | Cherish the Ladies
735 | The Basket of Turf
776 | Banish Misfortune
786 | The Humours of Bandon
795 | Out on the Ocean
855 | The Thrush's Nest
861 | The Cliffs of Moher
868 | The Day After the Fair
902 | The Rakes of Clonmel
925 | My Darling Asleep
1003 | The Connachtman's Rambles
1019 | The Lark in the Morning
1052 | Strike the Young Harp
1054 | The Bunch of Roses
1065 | The Field of Flowers
1099 | The Blarney Pilgrim
1111 | Apples in Winter
1116 | The Rocky Road to Dublin
1123 | A Blast of Wind
1152 | Reaping the Rye
1153 | Hunting the Hare
1155 | The Kid on the Mountain
1164 | Dublin Streets
1170 | The Road to Athlone
1174 | A Fig for a Kiss
1200 | The Pleasures of Home
1218 | The Star of Munster
1252 | The Gooseberry Bush
1264 | The Ships Are Sailing
1268 | The Swallow's Tail
1284 | The Musical Priest
1295 | The Blackberry Blossom
1305 | The Pure Drop
1398 | The Man of the House
1424 | Sleepy Maggie
1425 | Drowsy Maggie
1509 | The Merry Blacksmith
1518 | The Wind That Shakes the Barley
1553 | Rolling on the Ryegrass
1556 | Chief O'Neill's Favourite
1577 | The Sailor's Hornpipe
1603 | The Harvest Home
1619 | Galway Bay
1628 | Off to California
1695 | Frost and Snow
1733 | The Cuckoo's Nest
1759 | The Glories of Spring
1793 | The Blackbird
1797 | The Garden of Daisies
1801 | Brian Boru's March
1808 | The King of the Rath
1814 | The Rakes of Mallow
1816 | The Return from Fingal
1824 | Bonaparte Crossing the Rhine
"""

RYAN = """
number | title | form | composer
LadyLoudensStrathspey | Lady Loudoun's | strathspey
AlistairMaclalastairStrathspey | Alistair MacAlastair | strathspey
BonnieLassieStrathspey | Bonnie Lassie | strathspey
CaledonianClubStrathspey | Caledonian Club | strathspey | Edwin Christie
LadyAmiStewartsStrathspey | Lady Amy Stewart's | strathspey
LochNaGarStrathspey | Lochnagar | strathspey
LordByronsFavoriteStrathspey | Lord Byron's Favourite | strathspey
MaidOfIslaStrathspey | The Maid of Islay | strathspey
NealGowsWifeStrathspey | Niel Gow's Wife | strathspey
OfAwTheAirtsTheWindsCanBlowStrathspey | Of A' the Airts the Wind Can Blaw | strathspey
MissDrummondOfPerthStrathspey | Miss Drummond of Perth | strathspey
BellesOfEdinboroHighlandFling | The Belles of Edinburgh | highland fling
ForestFlowerHighlandFling | Forest Flower | highland fling
VillageBellsHighlandFling | Village Bells | highland fling
AvalancheLancashireClog | Avalanche Clog | clog | F. A. Morrison
BlueVelvetClog | Blue Velvet Clog | clog
CincinnatiLancashireClog | Cincinnati Clog | clog | Frank Livingston
EmpressClog | Empress Clog | clog
NightingaleClog | Nightingale Clog | clog
SouvenirLancashireClog | Souvenir Clog | clog | B. F. Dietrich
AcrobatsHornpipe | The Acrobat's Hornpipe | hornpipe
DemocraticHornpipe | Democratic Hornpipe | hornpipe
ElectricHornpipe | Electric Hornpipe | hornpipe | G. L. Tracy
GoldenWreathHornpipe | Golden Wreath Hornpipe | hornpipe
PresidentGarfieldsHornpipe | President Garfield's Hornpipe | hornpipe | Harry Carleton
SalemHornpipe | Salem Hornpipe | hornpipe | P. S. Gilmore
SouvenirDeVeniceHornpipe | Souvenir de Venise | hornpipe | Louis Ostinelli
SteamboatHornpipe | Steamboat Hornpipe | hornpipe
TelegraphHornpipe | Telegraph Hornpipe | hornpipe | Hall
YoungAmericaHornpipe | Young America | hornpipe | Edwin Christie
7thRegimentReel | The 7th Regiment | reel | Conn. Higgins
BelleOfBostonReel | The Belle of Boston | reel | Edwin Christie
BettyPringlesPigReel | Betty Pringle's Pig | reel | Niel Gow
BlueBirdReel | Bluebird Reel | reel
DistantGreetingReel | Distant Greeting | reel | B. F. Dietrich
FairyDanceReel | The Fairy Dance | reel
FlowersOfEdinburgReel | The Flowers of Edinburgh | reel
GladiatorReel | The Gladiator | reel | G. L. Tracy
MerryNightAtTumbleBrigReel | A Merry Night at Tumble Brig | reel
NimbleFingersReel | Nimble Fingers | reel | H. F. Williams
PeepODayReel | Peep o' Day | reel | Niel Gow
Petronella | Petronella | reel
PostHornReel | The Post Horn | reel | Frank Livingston
SilverClusterReel | Silver Cluster | reel
SleepyMaggieReel | Sleepy Maggie | reel
SteepleChaseReel | Steeplechase | reel
TelephoneReel | The Telephone | reel
WitchOfTheWaveReel | Witch of the Wave | reel
BobbingForEelsJig | Bobbing for Eels | jig | G. Knowlton
BriskYoungLadsJig | Brisk Young Lads | jig
BrokenLanternJig | The Broken Lantern | jig
FoxHuntersJig | The Foxhunter's Jig | slip jig
FrogsFrolicJig | The Frog's Frolic | jig
KatyIsWaitingJig | Katy Is Waiting | jig | James Hand
NightOfTheFairJig | The Night of the Fair | jig | H. Carey
OysterGirlsJigThe | The Oyster Girl | jig
RoseBushJig | The Rose Bush | jig
SleepingOnADoorStepJig | Sleeping on a Doorstep | jig | Conn. Regan
SwallowTailJig | The Swallowtail | jig
SwimmingInTheGutterJig | Swimming in the Gutter | jig | Conn. Regan
TeetotalJig | The Teetotal Jig | slip jig | A. Gunn
TimeOfDayJig | Time of Day | slip jig
"""

AIRD = """
number | title | form | composer | other | origin
1:9 | The Moon and Seven Stars | jig | | | Scotland
1:13 | The Duke of Gloucester's Quick March | march
1:21 | The Campbells Are Coming | jig | | | Scotland
1:34 | Through the Lang Muir | air | | Wandering Willie | Scotland
1:44 | The Lea Rig | air | | | Scotland
1:57 | East Neuk of Fife | reel | | | Scotland
1:59 | Johnnie's Grey Breeks | air | | | Scotland
1:77 | Roast Beef | song | Richard Leveridge | | England
1:79 | Allemande | allemande
1:84 | Rural Felicity | jig | | Haste to the Wedding | England
1:85 | Tullochgorm | strathspey | | | Scotland
1:109 | Soldier's Joy | reel | | | Scotland
1:129 | The Drummer | reel | | | Scotland
1:133 | My Peggy Is a Young Thing | air | | The Wauking of the Fauld | Scotland
1:154 | The Braes of Angus | reel | | | Scotland
1:175 | The Freemason's March | march
1:178 | The Three Sheepskins | reel | | | Scotland
1:186 | A Spanish March | march
2:217 | The Peacock | air | | | Scotland
2:231 | Over the Water to Charlie | jig | | | Scotland
2:239 | Loch Ness | strathspey | | | Scotland
2:260 | To Daunton Me | air | | | Scotland
2:309 | Bonny Charlie | air | | | Scotland
2:316 | Prince Ferdinand's Quick Step | march
2:399 | The Farewell | jig
2:400 | Good Night and Joy Be wi' You All | air | | | Scotland
3:447 | Port Rorie Dall | air | | | Scotland
3:461 | Malbrouk | song | | | France
3:467 | John Small's Minuet | minuet
3:480 | Niven's Scots Measure | air | | Mary's Dream | Scotland
3:483 | The Shepherd Adonis | air | | | England
3:485 | Love-Sick Polly | air | | | England
3:500 | Dumbarton's Drums Beat Bonny O | air | | | Scotland
3:521 | See the Conquering Hero Comes | march | George Frideric Handel | | England
3:542 | Niel Gow's Lamentation for Abercairney | air | Niel Gow | | Scotland
3:577 | Water Parted from the Sea | song | Thomas Arne | | England
4:649 | Sally in Our Alley | song | Henry Carey | | England
4:652 | Queen Mary's Lamentation | air | | | Scotland
4:689 | Russian March | march
4:690 | Miss Callander's Minuet | minuet
4:749 | Tweedside | air | | | Scotland
4:783 | Can Ye Sew Cushions? | song | | | Scotland
5:843 | Morfa Rhuddlan | air | | | Wales
5:856 | Princess Royal's Minuet | minuet
5:868 | Lady Coventry's Minuet | minuet
5:936 | Ca' the Ewes | song | | | Scotland
6:1063 | The New German Waltz | waltz
6:1097 | Drimindoo | air | | | Ireland
6:1109 | Pastheen Fuen | air | | | Ireland
6:1166 | The Coldstream March | march
6:1139 | Princess of Wales's Minuet | minuet
"""

NORTHUMBRIAN = """
number | title | other
12 | Binnorie | The Cruel Sister
14 | Derwentwater's Farewell
17 | Whittingham Fair
18 | Blow the Winds, I-Ho!
20 | O I Hae Seen the Roses Blaw
21 | O the Oak and the Ash and the Bonny Ivy Tree
22 | Bonny at Morn
23 | The Water of Tyne
24 | The Willow Tree | Rue and Thyme
26 | I Drew My Ship into a Harbour
29 | My Love Is Newly Listed | The Snows They Melt the Soonest
31 | O the Bonny Fisher Lad
39 | Bobby Shaftoe
41 | Dol-li-a
48 | Here's the Tender Coming
55 | The Sword Dancers' Song
57 | The Keel Row
64 | Felton Lonnin'
91 | Shew's the Way to Wallington
102 | Peacock's March
110 | Morpeth Lasses
120 | Blow the Wind Southerly
"""

WORKS = """
work | composer | album | year | form | origin
op1 | Joseph Haydn | String Quartet in B-flat, Op. 1 No. 1 | 1764 | string quartet | Austria
op74 | Joseph Haydn | String Quartet in C, Op. 74 No. 1 | 1793 | string quartet | Austria
k80 | Wolfgang Amadeus Mozart | String Quartet No. 1 in G, K. 80 | 1770 | string quartet | Austria
k155 | Wolfgang Amadeus Mozart | String Quartet No. 2 in D, K. 155 | 1772 | string quartet | Austria
k156 | Wolfgang Amadeus Mozart | String Quartet No. 3 in G, K. 156 | 1772 | string quartet | Austria
k458 | Wolfgang Amadeus Mozart | String Quartet No. 17 in B-flat, K. 458 “The Hunt” | 1784 | string quartet | Austria
op18-1 | Ludwig van Beethoven | String Quartet No. 1 in F, Op. 18 No. 1 | 1801 | string quartet | Vienna
op18-3 | Ludwig van Beethoven | String Quartet No. 3 in D, Op. 18 No. 3 | 1801 | string quartet | Vienna
op18-4 | Ludwig van Beethoven | String Quartet No. 4 in C minor, Op. 18 No. 4 | 1801 | string quartet | Vienna
op18-5 | Ludwig van Beethoven | String Quartet No. 5 in A, Op. 18 No. 5 | 1801 | string quartet | Vienna
op59-1 | Ludwig van Beethoven | String Quartet No. 7 in F, Op. 59 No. 1 | 1806 | string quartet | Vienna
op59-2 | Ludwig van Beethoven | String Quartet No. 8 in E minor, Op. 59 No. 2 | 1806 | string quartet | Vienna
op59-3 | Ludwig van Beethoven | String Quartet No. 9 in C, Op. 59 No. 3 | 1806 | string quartet | Vienna
op74b | Ludwig van Beethoven | String Quartet No. 10 in E-flat, Op. 74 “Harp” | 1809 | string quartet | Vienna
op132 | Ludwig van Beethoven | String Quartet No. 15 in A minor, Op. 132 | 1825 | string quartet | Vienna
op41 | Robert Schumann | String Quartet in A minor, Op. 41 No. 1 | 1842 | string quartet | Germany
op48 | Robert Schumann | Dichterliebe, Op. 48 | 1840 | song | Germany
k545 | Wolfgang Amadeus Mozart | Piano Sonata No. 16 in C, K. 545 | 1788 | piano sonata | Austria
rinaldo | George Frideric Handel | Rinaldo | 1711 | aria | England
op3 | Arcangelo Corelli | Sonata da chiesa in F, Op. 3 No. 1 | 1689 | trio sonata | Italy
op26 | Carl Maria von Weber | Clarinet Concertino in E-flat, Op. 26 | 1811 | concertino | Germany
foster | Stephen Foster | Jeanie with the Light Brown Hair | 1854 | song | the United States
aloha | Queen Liliʻuokalani | Aloha ʻOe | 1884 | song | Hawaiʻi
anthem | J. Rosamond Johnson; James Weldon Johnson | Lift Every Voice and Sing | 1900 | hymn | the United States
lusitano | Vicente Lusitano | Allor che ignuda | 1562 | madrigal | Italy
"""

MOVEMENTS = """
work | number | file | bar | title | key | tempo mark | quarters a minute | form | other
op1 | 1 | haydn/opus1no1/movement1 | 1 | Presto | Bb | Presto | 168
op1 | 2 | haydn/opus1no1/movement2 | 1 | Menuet I | Bb | Menuetto | 126 | minuet
op1 | 3 | haydn/opus1no1/movement3 | 1 | Adagio | Eb | Adagio | 50
op1 | 4 | haydn/opus1no1/movement4 | 1 | Menuet II | Bb | Menuetto | 126 | minuet
op1 | 5 | haydn/opus1no1/movement5 | 1 | Finale: Presto | Bb | Presto | 144
op74 | 1 | haydn/opus74no1/movement1 | 1 | Allegro moderato | C | Allegro moderato | 126
op74 | 2 | haydn/opus74no1/movement2 | 1 | Andantino grazioso | G | Andantino grazioso | 56
op74 | 3 | haydn/opus74no1/movement3 | 1 | Menuetto: Allegretto | C | Allegretto | 152 | minuet
op74 | 4 | haydn/opus74no1/movement4 | 1 | Finale: Vivace | C | Vivace | 138
k80 | 1 | mozart/k80/movement1 | 1 | Adagio | G | Adagio | 52
k80 | 2 | mozart/k80/movement2 | 1 | Allegro | G | Allegro | 138
k80 | 3 | mozart/k80/movement3 | 1 | Menuetto | G | Menuetto | 120 | minuet
k80 | 4 | mozart/k80/movement4 | 1 | Rondeau: Allegro | G | Allegro | 150 | rondo
k155 | 1 | mozart/k155/movement1 | 1 | Allegro | D | Allegro | 138
k155 | 2 | mozart/k155/movement2 | 1 | Andante | A | Andante | 66
k155 | 3 | mozart/k155/movement3 | 1 | Molto allegro | D | Molto allegro | 132
k156 | 1 | mozart/k156/movement1 | 1 | Presto | G | Presto | 114
k156 | 2 | mozart/k156/movement2 | 1 | Adagio | Em | Adagio | 48
k156 | 3 | mozart/k156/movement3 | 1 | Tempo di Menuetto | G | Tempo di Menuetto | 120 | minuet
k156 | 4 | mozart/k156/movement4 | 1 | Adagio (first version) | Em | Adagio | 48
k458 | 1 | mozart/k458/movement1 | 1 | Allegro vivace assai | Bb | Allegro vivace assai | 156
k458 | 2 | mozart/k458/movement2 | 1 | Menuetto: Moderato | Bb | Moderato | 112 | minuet
k458 | 3 | mozart/k458/movement3 | 1 | Adagio | Eb | Adagio | 46
k458 | 4 | mozart/k458/movement4 | 1 | Allegro assai | Bb | Allegro assai | 144
op18-1 | 1 | beethoven/opus18no1/movement1 | 1 | Allegro con brio | F | Allegro con brio | 160
op18-1 | 2 | beethoven/opus18no1/movement2 | 1 | Adagio affettuoso ed appassionato | Dm | Adagio affettuoso | 66
op18-1 | 3 | beethoven/opus18no1/movement3 | 1 | Scherzo: Allegro molto | F | Allegro molto | 264 | scherzo
op18-1 | 4 | beethoven/opus18no1/movement4 | 1 | Allegro | F | Allegro | 120
op18-3 | 1 | beethoven/opus18no3 | 1 | Allegro | D | Allegro | 200
op18-3 | 2 | beethoven/opus18no3 | 272 | Andante con moto | Bb | Andante con moto | 46
op18-4 | 1 | beethoven/opus18no4 | 1 | Allegro ma non tanto | Cm | Allegro ma non tanto | 152
op18-4 | 2 | beethoven/opus18no4 | 222 | Andante scherzoso quasi allegretto | C | Andante scherzoso | 80 | scherzo
op18-4 | 3 | beethoven/opus18no4 | 483 | Menuetto: Allegretto | Cm | Allegretto | 208 | minuet
op18-5 | 1 | beethoven/opus18no5 | 1 | Allegro | A | Allegro | 150
op18-5 | 3 | beethoven/opus18no5 | 338 | Andante cantabile | D | Andante cantabile | 56 | variations
op59-1 | 1 | beethoven/opus59no1/movement1 | 1 | Allegro | F | Allegro | 160
op59-1 | 3 | beethoven/opus59no1/movement3 | 1 | Adagio molto e mesto | Fm | Adagio molto e mesto | 44
op59-2 | 1 | beethoven/opus59no2/movement1 | 1 | Allegro | Em | Allegro | 126
op59-2 | 2 | beethoven/opus59no2/movement2 | 1 | Molto adagio | E | Molto adagio | 56
op59-3 | 2 | beethoven/opus59no3/movement2 | 1 | Andante con moto quasi allegretto | Am | Andante con moto | 84
op59-3 | 4 | beethoven/opus59no3/movement4 | 1 | Allegro molto | C | Allegro molto | 168 | fugue
op74b | 2 | beethoven/opus74 | 263 | Adagio ma non troppo | Ab | Adagio ma non troppo | 36
op74b | 3 | beethoven/opus74 | 432 | Presto | Cm | Presto | 270 | scherzo
op132 | 2 | beethoven/opus132 | 265 | Allegro ma non tanto | A | Allegro ma non tanto | 132
op132 | 3 | beethoven/opus132 | 511 | Heiliger Dankgesang | F lydian | Molto adagio | 46
op41 | 1 | schumann_robert/opus41no1/movement1 | 1 | Andante espressivo | Am | Andante espressivo | 72
op41 | 4 | schumann_robert/opus41no1/movement4 | 4 | Adagio | F | Adagio | 60
op48 | 2 | schumann_robert/opus48no2 | 1 | Aus meinen Tränen sprießen | A | Nicht schnell | 54
k545 | 1 | mozart/k545/movement1_exposition | 1 | Allegro | C | Allegro | 132
rinaldo | 1 | handel/rinaldo/Lascia_chio_pianga | 13 | Lascia ch’io pianga | D | ~Largo | 60
op3 | 1 | corelli/opus3no1/1grave | 1 | Grave | F | Grave | 56
op26 | 1 | weber/concertino_clarinet | 38 | Andante | Eb | Andante | 108
foster | 1 | leadSheet/fosterBrownHair | 1 | Jeanie with the Light Brown Hair | F | ~Moderato | 120
aloha | 1 | liliuokalani/aloha_oe | 1 | Aloha ʻOe | G | ~Andante | 96
anthem | 1 | johnson_j_r/lift_every_voice | 0 | Lift Every Voice and Sing | Ab | ~Moderato | 126
lusitano | 1 | lusitano/allor_che_ignuda | 1 | Allor che ignuda d’herb’ et fior la terra | C | ~Moderato | 120
"""
