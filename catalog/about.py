"""What the site says of the paper behind it."""

TITLE = "Binding Text, Images, Graphs, and Audio for Music Representation Learning"
DOI = "10.1145/3660853.3660886"
CITATION = (
    "Abdulrahman Tabaza, Omar Quishawi, Abdelrahman Yaghi and Omar Qawasmeh. 2024. Binding Text, Images, Graphs, and Audio "
    "for Music Representation Learning. In Proceedings of the Cognitive Models and Artificial Intelligence Conference "
    f"(AICCONF ’24), 139–146. https://doi.org/{DOI}"
)
ABSTRACT = (
    "A sentence has one good embedding; a song does not, because a song is words, sound, a cover and a place among other "
    "songs all at once. The paper describes each of these by an encoder of its own: a text model for lyrics and what "
    "they are about, an image model for the cover, an audio model for the recording, and a random-projection embedding "
    "of the knowledge graph of artists, albums and genres. A small network then binds the four into one joint space of "
    "128 dimensions, trained so that songs which are neighbours in the single spaces become neighbours in the joint one. "
    "In that space one can retrieve similar songs, cluster them, add and subtract them, and go from one kind of evidence "
    "to another. The authors report promising results for classification and recommendation."
)
MAPS = {
    "joint": "https://atlas.nomic.ai/data/tyqnology/fairouz-vggish-randne-openclip-mxbai-200-epochs-contracted-51k-datapoints-euclidian/map",
    "text": "https://atlas.nomic.ai/data/omaralquishawi25/model-mxbai/map",
    "image": "https://atlas.nomic.ai/data/omaralquishawi25/model-openclip-1/map",
    "audio": "https://atlas.nomic.ai/data/omaralquishawi25/all-music-embeddings-march-23rd---mean/map",
    "graph": "https://atlas.nomic.ai/data/abd20200355/graph-embedding-map-for-model-randne/map",
}
DEMO = "https://fairouz.streamlit.app/"
