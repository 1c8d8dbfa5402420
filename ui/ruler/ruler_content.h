#pragma once

#include "core/base/error.h"
#include "core/station/measured_screen.h"
#include "ui/theme/type_scale.h"

#include <QSizeF>
#include <QString>

#include <optional>
#include <vector>

namespace enroll::ui {

// What the page says on which a screen is measured, as values.

/// The screen that the window is on, and what is known of how wide its picture is, in millimetres.
struct RulerSubject {
    station::ScreenId screen;
    double pixels = 0;              ///< its width as widgets count it: less than those of \p screen where all is scaled
    std::optional<double> claimed;  ///< what it says of itself
    std::optional<double> measured; ///< on this page, now or once
    std::optional<double> configured; ///< in station.toml: it counts, whatever else is there
    double distanceMetres = 1;
    bool operator==(const RulerSubject&) const = default;
};

/// What the bar on the screen is held against.
enum class RulerWay {
    Length,   ///< a ruler, and its reading is typed
    Ruler,    ///< a ruler, and the bar is made 100 mm long
    BankCard, ///< such a card, and the frame is made as wide
};
/// Source: ISO/IEC 7810, size ID-1
inline constexpr QSizeF kBankCard{85.6, 53.98};
inline constexpr double kRulerMillimetres = 100;

/// What somebody is about to enter.
struct RulerDraft {
    RulerWay way = RulerWay::Length;
    double bar = 0; ///< its length, in the pixels of RulerSubject
    QString typed;  ///< the reading of the ruler
    bool operator==(const RulerDraft&) const = default;
};

/// Adds a character that a number may have there: digits, and one of them behind a point or comma. False for another.
bool addTo(QString& typed, QChar character);
/// How long the bar is, in millimetres; none: nothing was entered.
std::optional<double> barLength(const RulerDraft& draft);
/// How wide the picture is then, in millimetres.
std::optional<double> pictureWidth(const RulerDraft& draft, const RulerSubject& subject);
/// Sizes as they are with \p millimetres; without, as they are now.
Viewing viewingWith(std::optional<double> millimetres, const RulerSubject& subject);

/// What came of it.
enum class RulerNews {
    None,
    Kept,
    NotSaved,   ///< sizes follow it until the program ends
    NoLength,   ///< nothing was entered
    TooNarrow,  ///< no screen is
    TooWide,    ///< no screen is
    Fixed,      ///< station.toml says how wide it is
    NotAllowed, ///< for the reason that the code says
};

struct RulerState {
    RulerSubject subject;
    RulerDraft draft;
    RulerNews news = RulerNews::None;
    std::optional<Error> error = {}; ///< of NotSaved and NotAllowed
};

/// A text of the station as large as it will be.
struct RulerSample {
    QString what; ///< it is for, and how high its capitals are
    QString text;
    double pixels = 0;
};

struct RulerContent {
    QString title;
    QString subject; ///< which screen this is
    QString known;   ///< how wide it is, as far as anybody knows
    QString instruction;
    QString length; ///< of the bar
    QString result; ///< what follows from it; empty: nothing yet
    QString remark; ///< empty: none
    QString sizes;  ///< of what the samples are
    std::vector<RulerSample> samples;
};
RulerContent rulerContent(const RulerState& state);
QString wayText(RulerWay way);

} // namespace enroll::ui
