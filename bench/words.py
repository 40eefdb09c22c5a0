"""Words as people write them: the commonest first, since they are drawn by their rank."""

WORDS = """
the to and a of in it is that you i for on with as this but have not was be are they at or so my we one if all just
from what like about there can when more out get would up no how me some them your now do time an good had by only
then really know think than much even who because well back also were their too go make see any here first which been
has still want very people other over could way day right after work need something thing new got take most should
never little long off two last where those before use down same look every put better always year keep find another
around through old sure these while his start enough maybe our such come anything many few things part end made point
great side week try water left house actually again give own without second best lot bit kind place next again hand
best help road night light door kitchen paper morning picture bread wheel garden winter summer table window tool wood
bike river bridge ferry harbour market train station boat island coast wind weather rain snow storm cold warm hot dry
green blue white black red yellow brown grey dark bright small large short tall wide narrow deep shallow heavy cheap
expensive broken clean empty full quiet loud early late slow quick hard soft easy simple odd strange lovely awful fine
cat dog bird fox hedgehog spider bee tree apple pear plum tomato onion garlic potato butter flour salt sugar pepper
oven knife plate bowl glass cup kettle stove shelf drawer lamp chair desk bench floor wall roof ceiling paint brush
screw nail hammer saw drill glue tape rope wire cable battery charger screen keyboard phone camera lens film radio
record guitar piano song story book chapter letter stamp museum theatre school teacher lesson exam question answer
reason idea plan problem mistake solution example detail difference choice chance change result cause effect rule
number half third dozen hundred thousand minute hour month century price money cost bill shop street corner square
church tower castle forest hill valley mountain lake beach sand stone clay iron copper silver gold plastic leather
wool cotton shirt coat shoe boot hat glove pocket button needle thread pattern colour shape size weight length height
speed distance direction map path gate fence hedge field farm sheep cow horse hen egg milk cheese honey jam soup stew
cake biscuit coffee tea beer wine juice lunch supper breakfast recipe spoon fork pan lid jar bottle bag basket box
bought sold built fixed cut mixed baked cooked washed dried cleaned painted drew wrote read heard watched asked told
answered explained tried failed worked stopped started finished waited walked drove rode sailed climbed carried lifted
dropped threw caught held pulled pushed opened closed locked lost found forgot remembered noticed wondered believed
neighbour friend sister brother mother father grandmother uncle cousin child baby doctor nurse baker farmer sailor
driver pilot painter writer plumber electrician carpenter gardener keeper owner stranger visitor guest crew council
perhaps probably certainly usually often sometimes rarely yesterday today tomorrow tonight already almost nearly
quite rather instead together apart above below behind beside between beyond during until since unless although
honestly apparently eventually suddenly carefully properly exactly roughly directly slowly quickly simply mostly
""".split()
