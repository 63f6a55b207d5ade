// SPDX-License-Identifier: MIT
#include "runtime/natives/regexp_properties.hpp"

#include <algorithm>
#include <iterator>

namespace offstage {

namespace {

struct category {
  std::string_view name;
  std::string_view pcre;
};

constexpr category categories[] = {
    {"Cased_Letter", "L&"},
    {"LC", "L&"},
    {"Close_Punctuation", "Pe"},
    {"Connector_Punctuation", "Pc"},
    {"Control", "Cc"},
    {"cntrl", "Cc"},
    {"Currency_Symbol", "Sc"},
    {"Dash_Punctuation", "Pd"},
    {"Decimal_Number", "Nd"},
    {"digit", "Nd"},
    {"Enclosing_Mark", "Me"},
    {"Final_Punctuation", "Pf"},
    {"Format", "Cf"},
    {"Initial_Punctuation", "Pi"},
    {"Letter", "L"},
    {"Letter_Number", "Nl"},
    {"Line_Separator", "Zl"},
    {"Lowercase_Letter", "Ll"},
    {"Mark", "M"},
    {"Combining_Mark", "M"},
    {"Math_Symbol", "Sm"},
    {"Modifier_Letter", "Lm"},
    {"Modifier_Symbol", "Sk"},
    {"Nonspacing_Mark", "Mn"},
    {"Number", "N"},
    {"Open_Punctuation", "Ps"},
    {"Other", "C"},
    {"Other_Letter", "Lo"},
    {"Other_Number", "No"},
    {"Other_Punctuation", "Po"},
    {"Other_Symbol", "So"},
    {"Paragraph_Separator", "Zp"},
    {"Private_Use", "Co"},
    {"Punctuation", "P"},
    {"punct", "P"},
    {"Separator", "Z"},
    {"Space_Separator", "Zs"},
    {"Spacing_Mark", "Mc"},
    {"Surrogate", "Cs"},
    {"Symbol", "S"},
    {"Titlecase_Letter", "Lt"},
    {"Unassigned", "Cn"},
    {"Uppercase_Letter", "Lu"},
};

constexpr std::string_view short_categories[] = {
    "C",  "Cc", "Cf", "Cn", "Co", "Cs", "L",  "Ll", "Lm", "Lo", "Lt", "Lu", "M",
    "Mc", "Me", "Mn", "N",  "Nd", "Nl", "No", "P",  "Pc", "Pd", "Pe", "Pf", "Pi",
    "Po", "Ps", "S",  "Sc", "Sk", "Sm", "So", "Z",  "Zl", "Zp", "Zs"};

constexpr std::string_view binary_properties[] = {"ASCII",
                                                  "ASCII_Hex_Digit",
                                                  "AHex",
                                                  "Alphabetic",
                                                  "Alpha",
                                                  "Any",
                                                  "Bidi_Control",
                                                  "Bidi_C",
                                                  "Bidi_Mirrored",
                                                  "Bidi_M",
                                                  "Case_Ignorable",
                                                  "CI",
                                                  "Cased",
                                                  "Changes_When_Casefolded",
                                                  "CWCF",
                                                  "Changes_When_Casemapped",
                                                  "CWCM",
                                                  "Changes_When_Lowercased",
                                                  "CWL",
                                                  "Changes_When_Titlecased",
                                                  "CWT",
                                                  "Changes_When_Uppercased",
                                                  "CWU",
                                                  "Dash",
                                                  "Default_Ignorable_Code_Point",
                                                  "DI",
                                                  "Deprecated",
                                                  "Dep",
                                                  "Diacritic",
                                                  "Dia",
                                                  "Emoji",
                                                  "Emoji_Component",
                                                  "EComp",
                                                  "Emoji_Modifier",
                                                  "EMod",
                                                  "Emoji_Modifier_Base",
                                                  "EBase",
                                                  "Emoji_Presentation",
                                                  "EPres",
                                                  "Extended_Pictographic",
                                                  "ExtPict",
                                                  "Extender",
                                                  "Ext",
                                                  "Grapheme_Base",
                                                  "Gr_Base",
                                                  "Grapheme_Extend",
                                                  "Gr_Ext",
                                                  "Hex_Digit",
                                                  "Hex",
                                                  "IDS_Binary_Operator",
                                                  "IDSB",
                                                  "IDS_Trinary_Operator",
                                                  "IDST",
                                                  "ID_Continue",
                                                  "IDC",
                                                  "ID_Start",
                                                  "IDS",
                                                  "Ideographic",
                                                  "Ideo",
                                                  "Join_Control",
                                                  "Join_C",
                                                  "Logical_Order_Exception",
                                                  "LOE",
                                                  "Lowercase",
                                                  "Lower",
                                                  "Math",
                                                  "Noncharacter_Code_Point",
                                                  "NChar",
                                                  "Pattern_Syntax",
                                                  "Pat_Syn",
                                                  "Pattern_White_Space",
                                                  "Pat_WS",
                                                  "Quotation_Mark",
                                                  "QMark",
                                                  "Radical",
                                                  "Regional_Indicator",
                                                  "RI",
                                                  "Sentence_Terminal",
                                                  "STerm",
                                                  "Soft_Dotted",
                                                  "SD",
                                                  "Terminal_Punctuation",
                                                  "Term",
                                                  "Unified_Ideograph",
                                                  "UIdeo",
                                                  "Uppercase",
                                                  "Upper",
                                                  "Variation_Selector",
                                                  "VS",
                                                  "White_Space",
                                                  "space",
                                                  "XID_Continue",
                                                  "XIDC",
                                                  "XID_Start",
                                                  "XIDS"};

template <class Range>
bool contains(const Range& range, std::string_view name) {
  return std::find(std::begin(range), std::end(range), name) != std::end(range);
}

std::optional<pcre_property_name> general_category(std::string_view name) {
  if (contains(short_categories, name))
    return pcre_property_name{std::string{name}};
  const auto found = std::find_if(std::begin(categories), std::end(categories),
                                  [&](const category& known) { return known.name == name; });
  if (found == std::end(categories))
    return std::nullopt;
  return pcre_property_name{std::string{found->pcre}};
}

} // namespace

std::optional<pcre_property_name> pcre_property(const std::string& expression) {
  if (const auto equals = expression.find('='); equals != std::string::npos) {
    const auto name = expression.substr(0, equals);
    const auto value = expression.substr(equals + 1);
    if (name == "General_Category" || name == "gc")
      return general_category(value);
    if (value.empty())
      return std::nullopt;
    if (name == "Script" || name == "sc")
      return pcre_property_name{"sc:" + value};
    if (name == "Script_Extensions" || name == "scx")
      return pcre_property_name{"scx:" + value};
    return std::nullopt;
  }
  if (expression == "Assigned")
    return pcre_property_name{"Cn", true};
  if (contains(binary_properties, expression))
    return pcre_property_name{expression};
  return general_category(expression);
}

} // namespace offstage
