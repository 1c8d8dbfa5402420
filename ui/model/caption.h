#pragma once

#include <QString>

#include <optional>

namespace enroll::ui {

/// A number and the words after it: "189 devices tested today".
struct CountedWords {
    int number = 0;
    QString words;
    bool operator==(const CountedWords&) const = default;
};

/// What a screen adds to the app bar.
struct Caption {
    QString subject;                     ///< the product that the screen is about
    QString caution;                     ///< shown in a box: "Software TPMs allowed"; empty for none
    std::optional<CountedWords> counted; ///< left out first if there is no room
    QString order = {};                  ///< the work order's number; empty for none
    QString orderRemark = {};            ///< of that order: "from before the restart"; empty for none
    QString person = {};                 ///< who is signed in; empty: nobody
    QString role = {};                   ///< what that person is
    bool operator==(const Caption&) const = default;
};

} // namespace enroll::ui
