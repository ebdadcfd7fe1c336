#!/usr/bin/env python3
"""Writes the vectors of the rules of src/mifa: tests/vectors/rules/<id, / as __>/{valid,invalid}-<what>.

A vector is one metadata file, or a folder of files that go together. In a folder, actual.json is what is
really there (ActualFiles of src/mifa/actual_files.h), and files under previous/ are the version before.
An invalid vector must give an issue of its rule, a valid one must not.

  python3 tests/vectors/rules/generate_mifa.py
"""

import copy
import json
import pathlib
import shutil

ROOT = pathlib.Path(__file__).resolve().parent

STUDY = {
    "title": "Nuclei of mouse embryos with segmentation masks",
    "description": "Confocal images of mouse embryos, and masks of their nuclei made by two experts.",
    "private_until_date": "2026-03-01",
    "keywords": ["mouse", "embryo", "nucleus"],
    "license": "CC BY 4.0",
    "authors": [
        {
            "first_name": "Josiah",
            "last_name": "Carberry",
            "email": "josiah@brown.edu",
            "orcid": "0000-0002-1825-0097",
            "role": "data annotation",
            "affiliation": {"name": "Brown University", "ror_id": "https://ror.org/05gq02987"},
        }
    ],
    "funding": {"funding_statement": "Funded by the Psychoceramics Foundation."},
    "publications": [{"title": "On nuclei", "doi": "10.1038/s41592-025-02835-8"}],
    "links": [
        {"link_url": "https://bioimage.io/#/?id=10.5281/zenodo.1", "link_description": "AI model trained"}
    ],
    "rembi_version": "1.5",
}
SET = {
    "annotation_overview": "Masks of nuclei drawn by two experts",
    "annotation_type": ["segmentation_mask"],
    "annotation_method": "Two experts drew the masks in napari; a third reviewed them.",
    "annotation_confidence_level": "Ten years of experience",
    "annotation_criteria": "Only nuclei in focus",
    "annotation_coverage": "100 % of the images",
}
VERSION = {"version": "1.0", "timestamp": "2025-03-22T01:49:21Z"}
REMBI = {
    "biosamples": {
        "embryo": {
            "organism": {"scientific_name": "Mus musculus", "common_name": "mouse", "ncbi_taxon": "NCBI:txid10090"},
            "biological_entity": "blastocyst",
            "experimental_variables": ["temperature", "light (488 nm)"],
        }
    },
    "specimens": {"fixed": {"sample_preparation": "Fixed and stained with DAPI."}},
    "acquisitions": {
        "confocal": {
            "imaging_method": {
                "value": "confocal microscopy",
                "ontology_id": "http://purl.obolibrary.org/obo/FBbi_00000251",
                "ontology_name": "FBbi",
            },
            "imaging_instrument": "A confocal microscope",
            "image_acquisition_parameters": "63x",
        }
    },
    "study_component": {"component": {"name": "Embryos", "description": "Stacks of embryos"}},
    "associations": {
        "component": {"biosample_id": "embryo", "specimen_id": "fixed", "acquisition_id": "confocal"}
    },
}


def agent(rembi=False):
    document = {
        "study": copy.deepcopy(STUDY),
        "annotations": {"Masks": copy.deepcopy(SET)},
        "version": {"Masks": copy.deepcopy(VERSION)},
    }
    if rembi:
        document.update(copy.deepcopy(REMBI))
    return document


def attributes(pairs):
    return [{"name": name, "value": value} for name, value in pairs]


def pagetab():
    return {
        "accno": "S-BIAD1",
        "attributes": attributes(
            [("Title", STUDY["title"]), ("ReleaseDate", "2026-03-01"), ("Template", "BioImages.v5")]
        ),
        "section": {
            "type": "Study",
            "attributes": attributes(
                [
                    ("Description", STUDY["description"]),
                    ("License", "CC0"),
                    ("Keyword", "mouse"),
                    ("Funding statement", "None."),
                ]
            ),
            "links": [{"url": "https://example.org/data", "attributes": attributes([("Description", "Data")])}],
            "subsections": [
                {
                    "type": "author",
                    "attributes": attributes(
                        [("Name", "Josiah Carberry"), ("E-mail", "josiah@brown.edu"), ("Role", "data annotation")]
                    )
                    + [{"name": "affiliation", "value": "o1", "reference": True}],
                },
                {"type": "organisation", "accno": "o1", "attributes": attributes([("Name", "Brown University")])},
                {
                    "type": "Annotations",
                    "accno": "Annotations-1",
                    "attributes": attributes(
                        [
                            ("Title", "Masks"),
                            ("Annotation Overview", SET["annotation_overview"]),
                            ("Annotation Type", "segmentation_mask"),
                            ("Annotation Method", SET["annotation_method"]),
                            ("File List", "masks.tsv"),
                        ]
                    ),
                    "subsections": [
                        {
                            "type": "Version",
                            "attributes": attributes(
                                [("Annotation version", "1.0"), ("Version timestamp", "2025-03-22T01:49:21Z")]
                            ),
                        }
                    ],
                },
            ],
        },
        "type": "submission",
    }


CONTEXT = [
    "https://w3id.org/ro/crate/1.1/context",
    {
        "bia": "http://bia/",
        "csvw": "http://www.w3.org/ns/csvw#",
        "accessionId": "bia:accessionId",
        "methodType": "bia:annotationMethodType",
        "associatedAnnotationMethod": "bia:associatedAnnotationMethod",
        "associatedBiologicalEntity": "bia:associatedBiologicalEntity",
        "associatedSpecimenImagingPreparationProtocol": "bia:associatedImagingPreparationProtocol",
        "associatedImageAcquisitionProtocol": "bia:associatedImageAcquisitionProtocol",
        "imagingInstrumentDescription": "bia:imagingInstrumentDescription",
        "imagingMethodName": "bia:imagingMethodName",
        "fbbiId": "bia:fbbiId",
        "organismClassification": "http://schema.org/taxonomicRange",
        "scientificName": "http://rs.tdwg.org/dwc/terms/scientificName",
        "tableSchema": "csvw:tableSchema",
        "column": "csvw:column",
        "columnName": "csvw:name",
        "propertyUrl": "csvw:propertyUrl",
    },
]
COLUMNS = [
    ("file_path", "http://bia/filePath"),
    ("dataset", "http://schema.org/isPartOf"),
    ("type", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
    ("associated_source_image", "http://bia/associatedSourceImage"),
]


def crate(columns=COLUMNS):
    graph = [
        {
            "@id": "ro-crate-metadata.json",
            "@type": "CreativeWork",
            "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
            "about": {"@id": "./"},
        },
        {
            "@id": "./",
            "@type": ["Dataset", "bia:Study"],
            "name": STUDY["title"],
            "description": STUDY["description"],
            "license": "https://creativecommons.org/licenses/by/4.0/",
            "datePublished": "2026-03-01",
            "accessionId": "S-BIAD1",
            "keywords": ["mouse"],
            "author": [{"@id": "https://orcid.org/0000-0002-1825-0097"}],
            "hasPart": [{"@id": "#images"}, {"@id": "#masks"}, {"@id": "file_list.tsv"}],
        },
        {"@id": "https://orcid.org/0000-0002-1825-0097", "@type": "Person", "name": "Josiah Carberry"},
        {
            "@id": "#images",
            "@type": ["Dataset", "bia:Dataset", "bia:RembiDataset"],
            "name": "Embryos",
            "description": "Stacks",
            "associatedBiologicalEntity": {"@id": "#embryo"},
            "associatedSpecimenImagingPreparationProtocol": {"@id": "#fixed"},
            "associatedImageAcquisitionProtocol": {"@id": "#confocal"},
        },
        {
            "@id": "#masks",
            "@type": ["Dataset", "bia:Dataset", "bia:MifaDataset"],
            "name": "Masks",
            "description": SET["annotation_overview"],
            "associatedAnnotationMethod": {"@id": "#method"},
        },
        {
            "@id": "#method",
            "@type": "bia:AnnotationMethod",
            "name": "Masks",
            "description": SET["annotation_method"],
            "methodType": ["segmentation_mask"],
        },
        {
            "@id": "#embryo",
            "@type": "bia:BioSample",
            "name": "embryo",
            "description": "blastocyst",
            "organismClassification": {"@id": "NCBI:txid10090"},
        },
        {"@id": "NCBI:txid10090", "@type": "bia:Taxon", "scientificName": "Mus musculus"},
        {
            "@id": "#fixed",
            "@type": "bia:SpecimenImagingPreparationProtocol",
            "name": "fixed",
            "description": "Fixed and stained.",
        },
        {
            "@id": "#confocal",
            "@type": "bia:ImageAcquisitionProtocol",
            "name": "confocal",
            "description": "63x",
            "imagingInstrumentDescription": "A confocal microscope",
            "imagingMethodName": ["confocal microscopy"],
            "fbbiId": ["http://purl.obolibrary.org/obo/FBbi_00000251"],
        },
        {"@id": "file_list.tsv", "@type": ["File", "bia:FileList", "csvw:Table"], "tableSchema": {"@id": "_:ts0"}},
        {"@id": "_:ts0", "@type": "csvw:Schema", "column": [{"@id": f"_:c{i}"} for i in range(len(columns))]},
    ]
    for i, (name, iri) in enumerate(columns):
        graph.append({"@id": f"_:c{i}", "@type": "csvw:Column", "columnName": name, "propertyUrl": iri})
    return {"@context": copy.deepcopy(CONTEXT), "@graph": graph}


CRATE_TABLE = (
    "file_path\tdataset\ttype\tassociated_source_image\n"
    "images/a.tif\t#images\thttp://bia/Image\t\n"
    "masks/a.tif\t#masks\thttp://bia/AnnotationData\timages/a.tif\n"
)

IMAGE_CRATE = {
    "@context": [
        "https://w3id.org/ro/crate/1.2/context",
        {
            "organism_classification": "https://schema.org/taxonomicRange",
            "biosample": "http://purl.obolibrary.org/obo/OBI_0002648",
            "specimen": "http://purl.obolibrary.org/obo/HSO_0000308",
        },
    ],
    "@graph": [
        {"@id": "ro-crate-metadata.json", "@type": "CreativeWork", "about": {"@id": "./"}},
        {"@id": "./", "@type": "Dataset", "name": "A synapse", "license": "CC0-1.0", "resultOf": {"@id": "#acq"}},
        {"@id": "#acq", "@type": "image_acquisition", "specimen": {"@id": "#spec"}},
        {"@id": "#spec", "@type": "specimen", "biosample": {"@id": "#bio"}},
        {"@id": "#bio", "@type": "biosample", "organism_classification": {"@id": "NCBI:txid10090"}},
    ],
}

LINKML_STUDY = {
    "title": STUDY["title"],
    "description": STUDY["description"],
    "keywords": ["mouse"],
    "license": "CC_BY",
    "funding_statement": "None.",
    "link_url": ["https://example.org/data"],
    "authors": [{"author_first_name": "Josiah", "author_last_name": "Carberry", "role": ["data annotation"]}],
}
FILE = {"annotation_id": "masks/a.tif", "annotation_type": ["segmentation_mask"], "source_image_id": "images/a.tif"}


def linkml(**changes):
    document = copy.deepcopy(LINKML_STUDY)
    document["annotations"] = [dict(copy.deepcopy(SET), file_metadata=[copy.deepcopy(FILE)])]
    document.update(changes)
    return document


def with_file(**changes):
    document = linkml()
    document["annotations"][0]["file_metadata"][0].update(changes)
    return document


MASKS = "Files\tSource image\tAnnotation type\nmasks/a.tif\timages/a.tif\tsegmentation_mask\n"
IMAGES = "Files\nimages/a.tif\n"


def with_lists(masks=MASKS, images=IMAGES, **more):
    document = pagetab()
    method = attributes([("Ontology Value", "confocal microscopy"), ("Ontology Term ID", "FBbi:00000251")])
    organism = attributes([("Scientific name", "Mus musculus"), ("NCBI taxon ID", "NCBI:txid10090")])
    associations = attributes([("Biosample", "embryo"), ("Specimen", "fixed"), ("Image acquisition", "confocal")])
    document["section"]["subsections"] += [
        {
            "type": "Biosample",
            "attributes": attributes([("Title", "embryo"), ("Biological entity", "blastocyst")]),
            "subsections": [{"type": "Organism", "attributes": organism}],
        },
        {"type": "Specimen", "attributes": attributes([("Title", "fixed"), ("Sample preparation protocol", "Fixed.")])},
        {
            "type": "Image acquisition",
            "attributes": attributes([("Title", "confocal"), ("Imaging instrument", "A confocal microscope")]),
            "subsections": [{"type": "Imaging Method", "attributes": method}],
        },
        {
            "type": "Study Component",
            "accno": "Study Component-1",
            "attributes": attributes([("Name", "Embryos"), ("Description", "Stacks"), ("File List", "images.tsv")]),
            "subsections": [{"type": "Associations", "attributes": associations}],
        },
    ]
    files = {"submission.json": document, "masks.tsv": masks}
    if images is not None:
        files["images.tsv"] = images
    files.update(more)
    return files


def actual(files=("images/a.tif", "masks/a.tif"), images=("images/a.tif",), **annotation):
    return {
        "files": [dict(path=path) if isinstance(path, str) else path for path in files],
        "images": [dict(path=path, extent=[64, 64, 1]) if isinstance(path, str) else path for path in images],
        "annotations": [dict({"path": "masks/a.tif", "type": "segmentation_mask"}, **annotation)],
    }


def api(**size):
    representation = {
        "uuid": "r1",
        "model": {"type_name": "ImageRepresentation", "version": 4},
        "image_format": ".ome.zarr",
        "file_uri": ["https://example.org/a.zarr"],
        "representation_of_uuid": "i1",
    }
    representation.update(size)
    return {"i1": {"uuid": "i1", "model": {"type_name": "Image"}, "representation": [representation]}}


VECTORS = {}


def add(rule, name, content, suffix=None):
    VECTORS.setdefault(rule, {})
    VECTORS[rule][name + (suffix or "")] = content


def path_set(document, path, value):
    """Sets, or with `...` deletes, what a path of keys leads to."""
    for key in path[:-1]:
        document = document[key]
    if value is ...:
        del document[path[-1]]
    else:
        document[path[-1]] = value


def agents(rule, valid, invalid, rembi=False):
    """Vectors of a bia-agent document with one change each: {name: (path, value)}; None for no change."""
    for kind, cases in (("valid", valid), ("invalid", invalid)):
        for name, change in cases.items():
            document = agent(rembi)
            if change is not None:
                path_set(document, *change)
            add(rule, f"{kind}-{name}.json", document)


S, A, V = ("study",), ("annotations", "Masks"), ("version", "Masks")


def study():
    agents("mifa/title-missing", {"title": None}, {"blank": (S + ("title",), ""), "none": (S + ("title",), ...)})
    agents("mifa/title-short", {"47-characters": None}, {"9-characters": (S + ("title",), "My images")})
    agents("mifa/description-missing", {"described": None}, {"blank": (S + ("description",), "  ")})
    agents("mifa/description-short", {"long": None}, {"13-characters": (S + ("description",), "Cells of mice")})
    document = agent()
    document["study"].update(title="A set of pictures and drawings", description="Pictures of many things, and drawings.", keywords=["data"])
    add("mifa/application-unstated", "invalid-pictures-of-things.json", document)
    agents("mifa/application-unstated", {"nuclei": None}, {})
    agents("mifa/authors-missing", {"one": None}, {"empty-list": (S + ("authors",), []), "none": (S + ("authors",), ...)})
    author = S + ("authors", 0)
    agents("mifa/author-name", {"first-and-last": None}, {"only-first-name": (author + ("last_name",), "")})
    document = agent()
    path_set(document, author + ("email",), ...)
    path_set(document, author + ("orcid",), ...)
    add("mifa/author-contact", "invalid-neither-email-nor-orcid.json", document)
    agents("mifa/author-contact", {"email-only": (author + ("orcid",), ...)}, {})
    agents(
        "mifa/orcid-invalid",
        {"plain": None, "url": (author + ("orcid",), "https://orcid.org/0000-0002-1694-233X"), "absent": (author + ("orcid",), ...)},
        {"wrong-check-digit": (author + ("orcid",), "0000-0002-1825-0098"), "fifteen-digits": (author + ("orcid",), "0000-0002-1825-009")},
    )
    agents("mifa/email-invalid", {"email": None}, {"no-host": (author + ("email",), "josiah")})
    agents(
        "mifa/ror-invalid",
        {"url": None},
        {"mistyped": (author + ("affiliation", "ror_id"), "https://ror.org/05gq02988")},
    )
    agents("mifa/keywords-missing", {"three": None}, {"empty-list": (S + ("keywords",), []), "blank-item": (S + ("keywords",), [""])})
    agents("mifa/funding-missing", {"statement": None}, {"blank": (S + ("funding", "funding_statement"), "")})
    agents("mifa/models-missing", {"link-to-model": None}, {"no-links": (S + ("links",), ...)})
    add("mifa/model-uri", "valid-url.json", linkml(ai_models_trained=["https://bioimage.io/#/?id=1"]))
    add("mifa/model-uri", "invalid-words.json", linkml(ai_models_trained=["our U-Net"]))
    agents(
        "mifa/publication-empty",
        {"title-and-doi": None, "doi-only": (S + ("publications",), [{"doi": "10.1000/1"}])},
        {"year-only": (S + ("publications",), [{"title": "", "doi": "", "year": 2020}])},
    )
    doi = S + ("publications", 0, "doi")
    agents(
        "mifa/doi-malformed",
        {"plain": None, "url": (doi, "https://doi.org/10.1000/xyz")},
        {"tbd": (doi, "TBD"), "trailing-dot": (doi, "10.1000/xyz."), "space": (doi, "10.1000/x yz")},
    )
    agents("mifa/doi-prefix", {"plain": None}, {"url": (doi, "https://doi.org/10.1000/xyz"), "scheme": (doi, "doi:10.1000/xyz")})
    agents(
        "mifa/release-date",
        {"iso": None, "absent": (S + ("private_until_date",), ...)},
        {"words": (S + ("private_until_date",), "next spring"), "no-such-day": (S + ("private_until_date",), "2026-02-30")},
    )
    document = pagetab()
    del document["attributes"][1]
    add("mifa/release-date", "invalid-none-in-pagetab.json", document)
    agents(
        "mifa/link-url", {"url": None}, {"words": (S + ("links",), [{"link_url": "our web page", "link_description": "data"}])}
    )


def licences():
    licence = S + ("license",)
    agents(
        "mifa/licence-missing",
        {"cc-by": None},
        {"no-field-in-form": (licence, ...), "blank": (licence, "")},
    )
    document = linkml()
    del document["license"]
    add("mifa/licence-missing", "invalid-linkml.json", document)
    good = {
        "cc-by-4": None,
        "spdx": (licence, "CC0-1.0"),
        "spdx-lower-case": (licence, "cc-by-4.0"),
        "url": (licence, "https://creativecommons.org/licenses/by/4.0/"),
        "legal-code-url": (licence, "http://creativecommons.org/publicdomain/zero/1.0/legalcode"),
        "full-name": (licence, "Creative Commons Attribution 4.0 International"),
        "expression": (licence, "CC0-1.0 OR CC-BY-4.0"),
    }
    agents("mifa/licence-unrecognised", good, {"words": (licence, "free for academics"), "half-expression": (licence, "CC0-1.0 AND")})
    agents(
        "mifa/licence-restrictive",
        {"cc-by": None, "choice-with-cc0": (licence, "MIT OR CC0-1.0")},
        {"non-commercial": (licence, "CC BY-NC 4.0"), "no-derivatives": (licence, "https://creativecommons.org/licenses/by-nd/4.0/"), "share-alike": (licence, "CC-BY-SA-4.0"), "for-code": (licence, "MIT")},
    )
    agents("mifa/licence-unversioned", {"cc-by-4": None, "cc0": (licence, "CC0")}, {"cc-by": (licence, "CC BY")})
    add("mifa/licence-unversioned", "valid-linkml-word.json", linkml())
    agents("mifa/annotation-licence-unclear", {"one": None}, {"two-joined": (licence, "CC0-1.0 AND CC-BY-4.0")})
    document = linkml()
    document["annotations"][0]["license"] = "CC0"
    add("mifa/annotation-licence-unclear", "invalid-set-differs.json", document)


def annotations():
    document = pagetab()
    del document["section"]["subsections"][2]["attributes"][0]
    add("mifa/annotation-title-missing", "invalid-none.json", document)
    add("mifa/annotation-title-missing", "valid-titled.json", pagetab())
    agents("mifa/overview-missing", {"overview": None}, {"blank": (A + ("annotation_overview",), "")})
    agents("mifa/annotation-method-present", {"method": None}, {"blank": (A + ("annotation_method",), "")})
    document = crate()
    del document["@graph"][4]["associatedAnnotationMethod"]
    document["@graph"] = [e for e in document["@graph"] if e["@id"] != "#method"]
    add("mifa/annotation-dataset-present", "invalid-no-method.json", document)
    add("mifa/annotation-dataset-present", "valid-linked.json", crate())
    method = A + ("annotation_method",)
    vague = agent()
    vague["annotations"]["Masks"].update(annotation_overview="Masks of nuclei", annotation_method="As usual.")
    add("mifa/method-vague", "invalid-as-usual.json", vague)
    agents("mifa/method-vague", {"experts": None, "software": (method, "Cellpose 2.0")}, {})
    unchecked = agent()
    unchecked["annotations"]["Masks"].update(annotation_method="Drawn by students in napari.", annotation_confidence_level="")
    add("mifa/method-quality", "invalid-no-review.json", unchecked)
    agents("mifa/method-quality", {"reviewed": None}, {})
    kind = A + ("annotation_type",)
    agents("mifa/annotation-type-missing", {"stated": None}, {"none": (kind, ...), "blank-item": (kind, [""])})
    agents("mifa/annotation-type-unknown", {"enum": None, "alias": (kind, ["Segmentation masks"])}, {"unheard-of": (kind, ["doodles"])})
    agents("mifa/annotation-type-alias", {"enum": None}, {"capital-plural": (kind, ["Segmentation masks"]), "space": (kind, ["bounding boxes"])})
    comma = pagetab()
    comma["section"]["subsections"][2]["attributes"][2]["value"] = "class_labels, segmentation_mask"
    add("mifa/annotation-type-unknown", "valid-comma-joined.json", comma)
    agents("mifa/annotation-type-is-method", {"what": None}, {"manual": (kind, ["manual"])})
    other = agent()
    other["annotations"]["Masks"].update(annotation_type=["other"], annotation_overview="Other")
    add("mifa/annotation-type-other", "invalid-unexplained.json", other)
    agents("mifa/annotation-type-other", {"explained": (kind, ["other"])}, {})
    agents("mifa/confidence-missing", {"stated": None}, {"none": (A + ("annotation_confidence_level",), ...)})
    agents("mifa/criteria-missing", {"stated": None}, {"none": (A + ("annotation_criteria",), ...)})
    agents("mifa/coverage-missing", {"stated": None}, {"none": (A + ("annotation_coverage",), ...)})
    two = "Files\nimages/a.tif\nimages/b.tif\n"
    half = with_lists(images=two)
    half["submission.json"]["section"]["subsections"][2]["attributes"].append({"name": "Annotation Coverage", "value": "100 %"})
    add("mifa/coverage-contradicted", "invalid-half-of-100", half)
    whole = with_lists()
    whole["submission.json"]["section"]["subsections"][2]["attributes"].append({"name": "Annotation Coverage", "value": "100 %"})
    add("mifa/coverage-contradicted", "valid-all", whole)
    add("mifa/coverage-counts", "invalid-lists-at-hand", with_lists())
    agents("mifa/coverage-counts", {"no-lists": None}, {})
    agents("mifa/annotators-uncredited", {"role": None}, {"other-role": (S + ("authors", 0, "role"), "conceptualization")})
    agents("mifa/archive-loses", {}, {"criteria": None})
    add("mifa/archive-loses", "valid-crate.json", crate())


def annotation_files():
    document = with_file()
    del document["annotations"][0]["file_metadata"][0]["source_image_id"]
    add("mifa/source-image-missing", "invalid-none.json", document)
    add("mifa/source-image-missing", "valid-stated.json", with_file())
    add("mifa/source-image-unresolved", "invalid-no-such-image", with_lists(masks=MASKS.replace("images/a.tif", "images/z.tif")))
    add("mifa/source-image-unresolved", "valid-in-list", with_lists())
    add("mifa/source-image-several", "invalid-two", with_lists(masks=MASKS.replace("images/a.tif", "images/a.tif|images/b.tif"), images=IMAGES + "images/b.tif\n"))
    add("mifa/source-image-several", "valid-one", with_lists())
    names = MASKS.replace("images/a.tif", "a.tif")
    add("mifa/source-image-ambiguous", "invalid-two-of-this-name", with_lists(masks=names, images="Files\ni/1/a.tif\ni/2/a.tif\n"))
    add("mifa/source-image-ambiguous", "valid-one-of-this-name", with_lists(masks=names))
    add("mifa/annotation-type-differs", "invalid-points-in-masks", with_lists(**{"actual.json": actual(type="point_annotations")}))
    add("mifa/annotation-type-differs", "valid-masks", with_lists(**{"actual.json": actual()}))
    good = {"affine": "[[1, 0, 5], [0, 1, 7]]", "identity": "identity", "rows": "1 0 0; 0 1 0; 0 0 1"}
    for rule in ("mifa/transformation-unreadable", "mifa/transformation-singular"):
        for name, text in good.items():
            add(rule, f"valid-{name}.json", with_file(transformations=text))
    bad = {"missing-bracket": "[[1, 0, 5], [0, 1, 7]", "rows-differ": "[[1, 0], [0, 1, 7]]", "letter": "[[1, 0, x], [0, 1, 7]]", "five-numbers": "[1, 0, 0, 1, 2]"}
    for name, text in bad.items():
        add("mifa/transformation-unreadable", f"invalid-{name}.json", with_file(transformations=text))
    add("mifa/transformation-singular", "invalid-same-row-twice.json", with_file(transformations="[[1, 2, 0], [1, 2, 0]]"))
    add("mifa/transformation-free-text", "invalid-words.json", with_file(transformations="rotated by about a quarter"))
    add("mifa/transformation-free-text", "valid-matrix.json", with_file(transformations=good["affine"]))
    add("mifa/transformation-missing", "invalid-half-size", with_lists(**{"actual.json": actual(extent=[32, 32, 1])}))
    add("mifa/transformation-missing", "valid-same-size", with_lists(**{"actual.json": actual(extent=[64, 64, 1])}))
    add("mifa/spatial-information-missing", "invalid-micrometres", with_lists(**{"actual.json": actual(in_pixels=False)}))
    add("mifa/spatial-information-missing", "valid-pixels", with_lists(**{"actual.json": actual()}))
    add("mifa/coordinates-outside", "invalid-three-outside", with_lists(**{"actual.json": actual(outside=3)}))
    add("mifa/coordinates-outside", "valid-inside", with_lists(**{"actual.json": actual()}))
    time = "annotation_creation_time"
    add("mifa/creation-time-unreadable", "invalid-words.json", with_file(**{time: "last week"}))
    add("mifa/creation-time-unreadable", "invalid-month-13.json", with_file(**{time: "2024-13-01"}))
    add("mifa/creation-time-missing", "invalid-none.json", with_file())
    add("mifa/creation-time-zone", "invalid-no-zone.json", with_file(**{time: "2024-01-02 03:04:05"}))
    add("mifa/creation-time-future", "invalid-year-2099.json", with_file(**{time: "2099-01-02T03:04:05Z"}))
    for rule in ("unreadable", "missing", "zone", "future"):
        add(f"mifa/creation-time-{rule}", "valid-utc.json", with_file(**{time: "2024-01-02T03:04:05Z"}))


def versions():
    agents("mifa/version-module-absent", {"there": None}, {"none": (("version",), ...)})
    document = agent()
    document["version"] = {"Boxes": VERSION}
    add("mifa/version-without-annotation", "invalid-other-name.json", document)
    agents("mifa/version-without-annotation", {"same-name": None}, {})
    agents("mifa/version-missing", {"number": None}, {"blank": (V + ("version",), "")})
    stamp = V + ("timestamp",)
    agents("mifa/version-timestamp-missing", {"there": None}, {"blank": (stamp, "")})
    agents("mifa/version-timestamp-unreadable", {"utc": None, "no-zone": (stamp, "2015-03-22 01:49:21"), "minus-zero": (stamp, "2023-03-07T14:37:00-00:00")}, {"words": (stamp, "spring"), "day-first": (stamp, "22/03/2015")})
    agents("mifa/version-timestamp-zone", {"utc": None, "offset": (stamp, "2015-03-22T01:49:21+01:00")}, {"no-zone": (stamp, "2015-03-22 01:49:21")})
    agents("mifa/version-timestamp-future", {"past": None}, {"year-2099": (stamp, "2099-01-01T00:00:00Z")})
    later = agent()
    later["version"]["Masks"]["version"] = "2.0"
    add("mifa/version-lineage", "invalid-second-without-changes.json", later)
    later = copy.deepcopy(later)
    later["version"]["Masks"].update(changes="20 more masks", previous_version="1.0")
    add("mifa/version-lineage", "valid-second-with-changes.json", later)
    agents("mifa/version-lineage", {"first": None}, {})
    before = linkml()
    before["annotations"][0]["authors"] = [{"author_first_name": "Emmy", "author_last_name": "Noether"}]
    add("mifa/version-credit", "invalid-annotator-dropped", {"study.json": linkml(), "previous/study.json": before})
    add("mifa/version-credit", "valid-annotator-kept", {"study.json": before, "previous/study.json": before})


def rembi():
    B, P, Q = ("biosamples", "embryo"), ("specimens", "fixed"), ("acquisitions", "confocal")
    agents("rembi/biosample-present", {"described": None}, {"section-missing": (("biosamples",), ...), "entity-blank": (B + ("biological_entity",), "")}, True)
    agents("rembi/taxon-required-properties", {"named": None}, {"blank": (B + ("organism", "scientific_name"), ""), "no-organism": (B + ("organism",), ...)}, True)
    agents("rembi/specimen-imaging-preparation-present", {"prepared": None}, {"section-missing": (("specimens",), ...), "blank": (P + ("sample_preparation",), "")}, True)
    agents("rembi/image-acquisition-present", {"acquired": None}, {"section-missing": (("acquisitions",), ...), "no-instrument": (Q + ("imaging_instrument",), ""), "no-method": (Q + ("imaging_method",), ...)}, True)
    agents(
        "rembi/dataset-with-required-associations",
        {"all": None},
        {"dangling": (("associations", "component", "biosample_id"), "embryos of cats"), "no-specimen": (("associations", "component", "specimen_id"), ...), "unknown-component": (("associations",), {"other": REMBI["associations"]["component"]})},
        True,
    )
    agents("rembi/study-component-name", {"named": None}, {"blank": (("study_component", "component", "name"), "")}, True)
    add("rembi/file-list-image-row-present", "invalid-annotations-only", {"ro-crate-metadata.json": crate(), "file_list.tsv": CRATE_TABLE.replace("http://bia/Image", "http://bia/AnnotationData")})
    add("rembi/file-list-image-row-present", "valid-image", {"ro-crate-metadata.json": crate(), "file_list.tsv": CRATE_TABLE})
    term = Q + ("imaging_method", "ontology_id")
    agents("rembi/ontology-id-blank", {"term": None}, {"blank": (term, "")}, True)
    agents("rembi/ontology-id-malformed", {"url": None, "compact": (term, "FBbi:00000251")}, {"words": (term, "confocal")}, True)
    taxon = B + ("organism", "ncbi_taxon")
    agents("rembi/taxon-id-blank", {"id": None}, {"blank": (taxon, "")}, True)
    agents("rembi/taxon-id-malformed", {"id": None, "number": (taxon, "10090")}, {"name": (taxon, "mouse")}, True)
    add("rembi/pixel-size-implausible", "invalid-72-dots-an-inch.json", api(voxel_physical_size_x=0.00035277777777777776))
    add("rembi/pixel-size-implausible", "invalid-20-metres.json", api(voxel_physical_size_x=20))
    add("rembi/pixel-size-implausible", "valid-43-nanometres.json", api(voxel_physical_size_x=4.3e-08))
    agents("rembi/variable-cut-at-comma", {"whole": None}, {"cut": (B + ("experimental_variables",), ["antibodies (IgG", "IgA)"])}, True)


def lists():
    document = crate()
    document["@graph"] = [e for e in document["@graph"] if e["@id"] not in ("#images", "#masks", "#method")]
    document["@graph"].append({"@id": "#d", "@type": ["Dataset", "bia:Dataset"], "name": "Files"})
    add("bia-submission/at-least-one-rembi-or-mifa-dataset", "invalid-plain-dataset.json", document)
    add("bia-submission/at-least-one-rembi-or-mifa-dataset", "valid-both.json", crate())
    document = crate()
    document["@graph"] = [e for e in document["@graph"] if e["@id"] != "file_list.tsv"]
    add("bia-submission/file-list-present", "invalid-crate-without.json", document)
    document = pagetab()
    document["section"]["subsections"][2]["attributes"].pop()
    add("bia-submission/file-list-present", "invalid-pagetab-without.json", document)
    add("bia-submission/file-list-present", "valid-pagetab.json", pagetab())
    add("bia-submission/file-list-file-path-column", "invalid-other-heading.tsv", MASKS.replace("Files", "File name"))
    add("bia-submission/file-list-file-path-column", "invalid-lower-case.tsv", MASKS.replace("Files", "files"))
    add("bia-submission/file-list-file-path-column", "invalid-crate-without-path.json", crate(COLUMNS[1:]))
    add("bia-submission/file-list-file-path-column", "valid-files.tsv", MASKS)
    add("bia-submission/file-list-file-path-column", "valid-crate.json", crate())
    add("bia-submission/file-list-dataset-column", "invalid-crate-without.json", crate(COLUMNS[:1] + COLUMNS[2:]))
    add("bia-submission/file-list-dataset-column", "valid-crate.json", crate())
    row = MASKS.splitlines()[1] + "\n"
    add("mifa/file-duplicate-path", "invalid-twice.tsv", MASKS + row)
    add("mifa/file-blank-line", "invalid-in-the-middle.tsv", MASKS + "\n" + row.replace("a.tif", "b.tif"))
    add("mifa/file-blank-line", "valid-at-the-end.tsv", MASKS + "\n\n")
    for name, path in {"umlaut": "masks/Zellen-ü.tif", "two-spaces": "masks/a  b.tif", "parent": "../masks/a.tif", "hash": "masks/a#1.tif"}.items():
        add("mifa/file-path-characters", f"invalid-{name}.tsv", MASKS.replace("masks/a.tif", path))
    add("mifa/file-list-absent", "invalid-no-images-tsv", with_lists(images=None, **{"actual.json": actual()}))
    add("mifa/file-list-absent", "valid-there", with_lists(**{"actual.json": actual()}))
    for rule in ("mifa/file-duplicate-path", "mifa/file-path-characters"):
        add(rule, "valid-plain.tsv", MASKS)
    add("mifa/file-listed-absent", "invalid-mask-absent", with_lists(**{"actual.json": actual(files=["images/a.tif"])}))
    add("mifa/file-listed-absent", "valid-all-there", with_lists(**{"actual.json": actual()}))
    add("mifa/file-unlisted", "invalid-one-more", with_lists(**{"actual.json": actual(files=["images/a.tif", "masks/a.tif", "masks/z.tif"])}))
    add("mifa/file-unlisted", "valid-readme", with_lists(**{"actual.json": actual(files=["images/a.tif", "masks/a.tif", "README.txt", "submission.json", "masks.tsv", "images.tsv"])}))
    sized = "Files\tsize\nimages/a.tif\t10\n"
    add("mifa/file-size-differs", "invalid-longer", with_lists(images=sized, **{"actual.json": actual(files=[{"path": "images/a.tif", "bytes": 11}, "masks/a.tif"])}))
    add("mifa/file-size-differs", "valid-as-stated", with_lists(images=sized, **{"actual.json": actual(files=[{"path": "images/a.tif", "bytes": 10}, "masks/a.tif"])}))


def containers():
    add("mifa/container-syntax", "invalid-tab-in-indentation.yaml", "study:\n\ttitle: x\n")
    add("mifa/container-syntax", "invalid-cut-off.json", json.dumps(agent(), indent=1)[:700])
    agents("mifa/container-syntax", {"whole": None}, {})
    umlaut = MASKS.replace("masks/a", "masks/ä")
    add("mifa/encoding", "invalid-latin-1.tsv", umlaut.encode("latin-1"))
    add("mifa/encoding", "invalid-utf-16.tsv", umlaut.encode("utf-16"))
    add("mifa/encoding", "valid-utf-8.tsv", umlaut)
    add("mifa/encoding", "valid-utf-8-with-mark.tsv", "\ufeff" + umlaut)
    laughs = "study:\n  title: x\n  a0: &a0 [" + ", ".join(["lol"] * 9) + "]\n"
    for i in range(1, 10):
        laughs += f"  a{i}: &a{i} [" + ", ".join([f"*a{i - 1}"] * 9) + "]\n"
    add("mifa/limit", "invalid-alias-bomb.yaml", laughs)
    add("mifa/limit", "invalid-deep-nesting.yaml", "study:\n  title: " + "[" * 300 + "]" * 300 + "\n")
    agents("mifa/limit", {"small": None}, {})
    agents("mifa/value-type", {"texts": None}, {"title-is-a-group": (S + ("title",), {"text": "x"}), "study-is-a-list": (S, ["title"]), "author-is-a-number-in-a-list": (S + ("authors",), [[1]])})
    add("mifa/scalar-for-list", "invalid-keywords.json", linkml(keywords="mouse"))
    add("mifa/scalar-for-list", "valid-lists.json", linkml())
    add("mifa/duplicate-key", "invalid-title-twice.yaml", "study:\n  title: One title of a study\n  title: Another title\n")
    add("mifa/duplicate-key", "valid-same-key-in-two-groups.yaml", "study:\n  title: One\nannotations:\n  A:\n    title: Two\n")
    agents("mifa/unknown-attribute", {"known": None}, {"misspelt": (A + ("annotation_critera",), "Only nuclei")})
    add("mifa/misplaced-section", "invalid-acquisitions-in-specimen.yaml", "study:\n  title: x\nspecimens:\n  A:\n    sample_preparation: fixed\n    acquisitions:\n  B:\n    imaging_method:\n      value: confocal\n")
    agents("mifa/misplaced-section", {"at-margin": None}, {}, True)
    one = {"uuid": "s1", "model": {"type_name": "Study"}, "accession_id": "S-1", "title": STUDY["title"]}
    add("mifa/several-studies", "invalid-two.json", {"S-1": one, "S-2": dict(one, uuid="s2", accession_id="S-2")})
    add("mifa/several-studies", "valid-one.json", {"S-1": one})
    document = copy.deepcopy(IMAGE_CRATE)
    document["@context"].insert(1, "https://example.org/context")
    add("mifa/unknown-context", "invalid-example-org.json", document)
    add("mifa/unknown-context", "valid-ro-crate.json", IMAGE_CRATE)
    document = crate()
    document["@graph"][1]["licence"] = document["@graph"][1].pop("license")
    add("mifa/undefined-term", "invalid-licence-with-c.json", document)
    document = copy.deepcopy(IMAGE_CRATE)
    document["@context"] = document["@context"][:1]
    add("mifa/undefined-term", "invalid-context-without-specimen.json", document)
    add("mifa/undefined-term", "valid-defined.json", IMAGE_CRATE)
    document = crate()
    document["@graph"][1]["author"].append({"@id": "#nobody"})
    add("mifa/dangling-reference", "invalid-unknown-author.json", document)
    add("mifa/dangling-reference", "valid-known-author.json", crate())
    document = pagetab()
    document["section"]["subsections"][0]["attributes"][-1]["value"] = "o9"
    add("mifa/dangling-reference", "invalid-unknown-organisation.json", document)
    document = copy.deepcopy(IMAGE_CRATE)
    del document["@graph"][0]
    add("mifa/crate-descriptor", "invalid-none.json", document)
    add("mifa/crate-descriptor", "valid-there.json", IMAGE_CRATE)
    add("mifa/crate-root", "invalid-none.json", {"@context": IMAGE_CRATE["@context"], "@graph": IMAGE_CRATE["@graph"][:1]})
    add("mifa/crate-root", "valid-there.json", IMAGE_CRATE)
    document = copy.deepcopy(IMAGE_CRATE)
    del document["@graph"][2]["specimen"]
    add("mifa/image-crate-chain", "invalid-acquisition-without-specimen.json", document)
    add("mifa/image-crate-chain", "valid-whole.json", IMAGE_CRATE)
    for name in ("datePublished", "hasPart", "accessionId"):
        document = crate()
        del document["@graph"][1][name]
        add("bia-submission/root-study", f"invalid-no-{name}.json", document)
    document = crate()
    document["@graph"][1]["@type"] = "Dataset"
    add("bia-submission/root-study", "invalid-not-a-study.json", document)
    document = crate()
    document["@graph"] = [e for e in document["@graph"] if e["@id"] != "./"]
    add("bia-submission/root-study", "invalid-no-root.json", document)
    add("bia-submission/root-study", "valid-whole.json", crate())
    other = pagetab()
    other["attributes"][0]["value"] = "Quite another title of the same study"
    add("mifa/conflict", "invalid-two-titles", {"metadata.json": agent(), "submission.json": other})
    same = pagetab()
    same["section"]["attributes"][1]["value"] = "https://creativecommons.org/licenses/by/4.0/"
    same["section"]["attributes"][3]["value"] = STUDY["funding"]["funding_statement"]
    add("mifa/conflict", "valid-licence-in-two-forms", {"metadata.json": agent(), "submission.json": same})
    add("mifa/study-module-absent", "invalid-annotations-alone.json", {"annotation_overview": "x", "annotation_method": "y"})
    agents("mifa/study-module-absent", {"there": None}, {})
    document = agent()
    del document["annotations"], document["version"]
    add("mifa/annotations-module-absent", "invalid-images-only.json", document)
    agents("mifa/annotations-module-absent", {"there": None}, {})
    croissant = {"@context": {"@vocab": "https://schema.org/", "cr": "http://mlcommons.org/croissant/"}, "@type": "Dataset", "name": "Titanic"}
    add("mifa/foreign-container", "invalid-croissant.json", croissant)
    agents("mifa/foreign-container", {"bia-agent": None}, {})


def write(target, content):
    target.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, bytes):
        target.write_bytes(content)
    elif isinstance(content, str):
        target.write_text(content, "utf-8")
    else:
        target.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8")


def main():
    for make in (containers, study, licences, annotations, annotation_files, versions, rembi, lists):
        make()
    for rule, cases in VECTORS.items():
        folder = ROOT / rule.replace("/", "__")
        shutil.rmtree(folder, ignore_errors=True)
        for name, content in cases.items():
            if "." in name and not isinstance(content, dict) or name.endswith(".json"):
                write(folder / name, content)
            else:
                for file, part in content.items():
                    write(folder / name / file, part)
    print(f"{len(VECTORS)} rules, {sum(map(len, VECTORS.values()))} vectors")


if __name__ == "__main__":
    main()
