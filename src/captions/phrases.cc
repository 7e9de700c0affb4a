// SPDX-License-Identifier: GPL-3.0-or-later
#include "captions/phrases.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/ascii.h"
#include "captions/characters.h"

namespace reelmill {

namespace {

// Words in lower case with a blank around each.
struct LanguageWords {
  std::string_view language, holding, beginning;
};

constexpr std::array languages{
    LanguageWords{
        "en",
        " a an the this that these those my your his her its our their no every each some any mr mrs ms dr prof st mt not "
        "i you he she we they very too so ",
        " and or but because although though if unless when while where which who whom whose that than as after before until "
        "since of in on at to for from with without by about into onto over under between through during against like "
        "so nor yet "},
    LanguageWords{
        "de",
        " der die das den dem des ein eine einen einem einer eines kein keine keinen keinem keiner mein meine meinen dein deine "
        "sein seine seinen ihr ihre ihren unser unsere euer dieser diese dieses diesen diesem jeder jede jedes herr frau dr "
        "prof nicht ich du er sie es wir zum zur im am vom beim ins ",
        " und oder aber sondern denn weil obwohl wenn falls als während dass daß ob wo wer was welche welcher welches bis "
        "seit nachdem bevor in an auf aus bei mit nach von vor zu über unter zwischen durch für gegen ohne um im am vom "
        "beim zum zur ins "},
    LanguageWords{
        "fr",
        " le la les un une des du au aux ce cet cette ces mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs "
        "m mme mlle dr ne je tu il elle on nous vous ils elles très ",
        " et ou mais car donc parce que qui dont où si quand lorsque comme puisque puis de à dans sur sous avec sans pour par "
        "entre vers chez depuis pendant avant après contre du des au aux "},
    LanguageWords{
        "es",
        " el la los las un una unos unas lo mi mis tu tus su sus nuestro nuestra este esta estos estas ese esa esos esas sr "
        "sra dr no muy yo tú él ella se me te al del ",
        " y e o u pero sino porque que quien donde cuando si aunque como mientras de a en con sin por para sobre entre hasta "
        "desde hacia contra durante tras al del "},
    LanguageWords{
        "it",
        " il lo la i gli le un uno una mio mia miei tuo tua suo sua nostro nostra vostro questo questa questi quel quella sig "
        "dott non io tu lui lei si ",
        " e ed o ma però perché che chi dove quando se anche come mentre di a da in con su per tra fra del della dei delle al "
        "alla ai alle dal dalla nel nella sul sulla "},
    LanguageWords{
        "pt",
        " o a os as um uma uns umas meu minha teu tua seu sua nosso nossa este esta esse essa aquele aquela sr sra dr não eu "
        "ele ela ",
        " e ou mas porque que quem onde quando se embora como enquanto de em com sem por para sobre entre até desde contra do "
        "da dos das no na nos nas ao aos à às pelo pela "},
    LanguageWords{
        "nl", " de het een mijn jouw je zijn haar ons onze hun deze dit die dat geen meneer mevrouw dr niet ik hij zij we wij ",
        " en of maar want omdat als wanneer terwijl dat die wie waar wat tot sinds nadat voordat in op aan uit bij met naar "
        "van voor over onder tussen door zonder om "},
};

constexpr std::string_view abbreviations =
    " mr mrs ms dr prof st mt jr sr vs etc no nr vol e.g i.e z.b d.h bzw usw ca sra sig dott mme mlle bspw approx dept fig ";

std::string_view primary(std::string_view language) { return language.substr(0, language.find_first_of("-_")); }

LanguageWords const* words_of(std::string_view language) {
  auto const wanted = lower_case(primary(language));
  for (auto const& row : languages)
    if (row.language == wanted) return &row;
  return nullptr;
}

// In lower case, without punctuation around it.
std::string bare(std::string_view word) {
  constexpr std::string_view around = "\"'([{-.,;:!?)]}";
  auto out = lower_case(word);
  auto const first = out.find_first_not_of(around);
  if (first == std::string::npos) return {};
  return out.substr(first, out.find_last_not_of(around) - first + 1);
}

bool has(std::string_view list, std::string_view word) {
  if (word.empty() || word.find(' ') != std::string_view::npos) return false;
  std::string wanted = " ";
  wanted.append(word).push_back(' ');
  return list.find(wanted) != std::string_view::npos;
}

bool is_closing(char32_t point) {
  return std::u32string_view(U"\"')]}»’”」』】）》〉*").find(point) != std::u32string_view::npos;
}

}  // namespace

Ending ending_of(std::string_view word, std::string_view language) {
  constexpr std::u32string_view sentence = U".?!…。？！‽؟।॥｡", clause = U",;:—–、，；：،؛";
  char32_t last = 0;
  std::size_t characters = 0;
  for (auto rest = word; !rest.empty();) {
    auto const character = first_character(rest);
    if (!is_closing(character.point)) last = character.point;
    if (columns_of(character.point) > 0) ++characters;
    rest.remove_prefix(character.bytes);
  }
  if (clause.find(last) != std::u32string_view::npos) return Ending::clause;
  if (last == 0 || sentence.find(last) == std::u32string_view::npos) return Ending::none;
  if (last != '.') return Ending::sentence;
  auto const text = bare(word);
  bool const is_ellipsis = word.find("..") != std::string_view::npos;
  if (!is_ellipsis && has(abbreviations, text)) return Ending::none;
  // "J. Smith"; in German "3. Mai".
  bool const is_initial = characters == 2 && text.size() == 1 && text[0] >= 'a' && text[0] <= 'z' && text != "i";
  bool const is_ordinal = primary(language) == "de" && !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
  return is_initial || is_ordinal ? Ending::none : Ending::sentence;
}

bool holds_to_next(std::string_view word, std::string_view language) {
  auto const* const words = words_of(language);
  if (words == nullptr || ending_of(word, language) != Ending::none) return false;
  auto const text = bare(word);
  return has(words->holding, text) || (word.ends_with('.') && has(abbreviations, text));
}

bool begins_phrase(std::string_view word, std::string_view language) {
  auto const* const words = words_of(language);
  return words != nullptr && has(words->beginning, bare(word));
}

bool is_unspaced_language(std::string_view language) {
  auto const wanted = lower_case(primary(language));
  constexpr std::array<std::string_view, 8> known{"zh", "ja", "th", "lo", "km", "my", "yue", "bo"};
  return std::find(known.begin(), known.end(), wanted) != known.end();
}

}  // namespace reelmill
