#pragma once

#include <QLocale>
#include <QTranslator>

#include <string>

namespace enroll::app::station {

/// The language of the screens, from its making to its end: texts, and how numbers and times are written. GUI thread.
///
/// Translations are the resources ":/translations/enroll-station_LANGUAGE.qm". Where there is none, texts stay English,
/// which is no fault.
class ScreenLanguage {
public:
    /// \p locale is the configuration's: "de", "pt_BR"; empty: the languages that the system is set to, in their order.
    explicit ScreenLanguage(const std::string& locale);
    ~ScreenLanguage();
    ScreenLanguage(const ScreenLanguage&) = delete;
    ScreenLanguage& operator=(const ScreenLanguage&) = delete;

    /// False: the screens are English.
    [[nodiscard]] bool translated() const { return !m_texts.isEmpty(); }

private:
    QLocale m_before;
    QTranslator m_qtTexts; ///< what Qt itself says, in menus of text fields
    QTranslator m_texts;
};

/// "Enrollment Station", in the language of the screens.
QString productName();

} // namespace enroll::app::station
