/** Drawings of each sample class; every name is in both icon sets. */
export const DRAWINGS: Readonly<Record<string, readonly string[]>> = {
  animals: words(`
    ant badger bat bear beaver beetle bird bison butterfly camel cat cat-face chicken chipmunk cow cow-face cricket
    crocodile deer dodo dog dog-face dolphin donkey dove duck eagle elephant fish flamingo fox frog giraffe goat goose
    gorilla hamster hedgehog hippopotamus honeybee horse horse-face kangaroo koala lady-beetle leopard lion lizard llama
    mammoth monkey moose mouse octopus orangutan otter owl ox panda parrot peacock penguin pig poodle rabbit raccoon
    rhinoceros rooster seal shark skunk sloth snail snake swan tiger turkey turtle whale wolf zebra`),
  food: words(`
    avocado bacon bagel baguette-bread banana bell-pepper bento-box birthday-cake blueberries bread broccoli burrito
    butter candy carrot cheese-wedge cherries chestnut chocolate-bar coconut cooked-rice cookie croissant cucumber
    cupcake curry-rice custard cut-of-meat dango doughnut dumpling ear-of-corn egg eggplant falafel french-fries
    fried-shrimp garlic grapes green-apple green-salad hamburger hot-dog hot-pepper ice-cream kiwi-fruit lemon lollipop
    mango meat-on-bone melon olive onion pancakes peach peanuts pear pie pineapple pizza popcorn potato poultry-leg
    pretzel red-apple rice-ball sandwich shortcake soft-ice-cream spaghetti strawberry sushi taco tangerine tomato waffle
    watermelon`),
  vehicles: words(`
    aerial-tramway airplane ambulance articulated-lorry auto-rickshaw automobile bicycle bullet-train bus canoe
    delivery-truck ferry fire-engine flying-saucer helicopter high-speed-train kick-scooter light-rail locomotive metro
    minibus monorail motor-boat motor-scooter motorcycle mountain-cableway mountain-railway oncoming-automobile
    oncoming-bus oncoming-police-car oncoming-taxi passenger-ship pickup-truck police-car racing-car railway-car rocket
    sailboat ship small-airplane speedboat sport-utility-vehicle suspension-railway taxi tractor train tram tram-car
    trolleybus`),
};

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
