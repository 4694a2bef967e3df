<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>inkling::AboutDialog</name>
    <message numerus="yes">
        <source>%n entries</source>
        <translation>
            <numerusform>%n entry</numerusform>
            <numerusform>%n entries</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>inkling::FileCommands</name>
    <message numerus="yes">
        <source>%n photo(s) exported</source>
        <translation>
            <numerusform>%n photo exported</numerusform>
            <numerusform>%n photos exported</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>inkling::GalleryPanel</name>
    <message numerus="yes">
        <source>%Ln photos</source>
        <translation>
            <numerusform>%Ln photo</numerusform>
            <numerusform>%Ln photos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %Ln photos match</source>
        <translation>
            <numerusform>%1 of %Ln photo matches</numerusform>
            <numerusform>%1 of %Ln photos match</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 match · looked closely at %2 of %Ln photos</source>
        <translation>
            <numerusform>%1 match · looked closely at %2 of %Ln photo</numerusform>
            <numerusform>%1 match · looked closely at %2 of %Ln photos</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>inkling::JobCard</name>
    <message numerus="yes">
        <source>%n problem(s)</source>
        <translation>
            <numerusform>%n problem</numerusform>
            <numerusform>%n problems</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>inkling::MessageBar</name>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>%n more</numerusform>
            <numerusform>%n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>inkling::PhotoModel</name>
    <message numerus="yes">
        <source>%1, score %2%, %n matches</source>
        <translation>
            <numerusform>%1, score %2%, %n match</numerusform>
            <numerusform>%1, score %2%, %n matches</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>inkling::PhotoSources</name>
    <message numerus="yes">
        <source>%1 and %n more</source>
        <translation>
            <numerusform>%1 and %n more</numerusform>
            <numerusform>%1 and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>inkling::PhotoView</name>
    <message numerus="yes">
        <source>%n boxes are shown.</source>
        <translation>
            <numerusform>%n box is shown.</numerusform>
            <numerusform>%n boxes are shown.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>inkling::SearchController</name>
    <message numerus="yes">
        <source>%n photo(s) looked at</source>
        <translation>
            <numerusform>%n photo looked at</numerusform>
            <numerusform>%n photos looked at</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Looked closely at %1 of %Ln photos</source>
        <translation>
            <numerusform>Looked closely at %1 of %Ln photo</numerusform>
            <numerusform>Looked closely at %1 of %Ln photos</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>inkling::SketchStackPanel</name>
    <message numerus="yes">
        <source>A query holds at most %n drawings. Remove one first.</source>
        <translation>
            <numerusform>A query holds at most %n drawing. Remove it first.</numerusform>
            <numerusform>A query holds at most %n drawings. Remove one first.</numerusform>
        </translation>
    </message>
</context>
</TS>
