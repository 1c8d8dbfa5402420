#pragma once

#include <QLocale>
#include <QTranslator>

#include <string>

namespace enroll::app::desktop {

/// Sets the language of the screens for its lifetime: texts, and the form of numbers and times. GUI thread.
///
/// Translations are the resources ":/translations/enroll-station_LANGUAGE.qm". Without one, texts are English; that is
/// not an error.
class ScreenLanguage {
public:
    /// \p locale is that of the configuration: "de", "pt_BR"; if empty, the languages of the system in their order.
    explicit ScreenLanguage(const std::string& locale);
    ~ScreenLanguage();
    ScreenLanguage(const ScreenLanguage&) = delete;
    ScreenLanguage& operator=(const ScreenLanguage&) = delete;

    /// True if a translation was found; otherwise the screens are English.
    [[nodiscard]] bool translated() const { return !m_texts.isEmpty(); }

private:
    QLocale m_before;
    QTranslator m_qtTexts; ///< Qt's own texts, such as the menus of text fields
    QTranslator m_texts;
};

/// "Enrollment Station", in the language of the screens.
QString productName();

} // namespace enroll::app::desktop
