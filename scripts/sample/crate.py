"""The study as an RO-Crate in the BioImage Archive's terms: each image, each annotation file, and which is whose."""

import json

BIA = {
    "bia": "http://bia/",
    "accessionId": {"@id": "bia:accessionId"},
    "annotationMethodType": {"@id": "bia:annotationMethodType", "@container": "@set"},
    "annotationCriteria": {"@id": "bia:annotationCriteria"},
    "annotationCoverage": {"@id": "bia:annotationCoverage"},
    "spatialInformation": {"@id": "bia:spatialInformation"},
    "resultOf": {"@id": "bia:resultOf", "@type": "@id"},
    "inputImage": {"@id": "bia:inputImage", "@type": "@id", "@container": "@set"},
    "annotationMethod": {"@id": "bia:annotationMethod", "@type": "@id", "@container": "@set"},
    "associatedAnnotationMethod": {
        "@id": "bia:associatedAnnotationMethod",
        "@type": "@id",
        "@container": "@set",
    },
}
IMAGING = "#images"


def _method(number, annotation):
    entity = {
        "@id": f"#method-{number}",
        "@type": "bia:AnnotationMethod",
        "name": annotation.title,
        "description": annotation.method,
        "annotationMethodType": list(annotation.types),
        "annotationCriteria": annotation.criteria,
        "annotationCoverage": annotation.coverage,
    }
    if annotation.spatial:
        entity["spatialInformation"] = annotation.spatial
    return entity


def _dataset(number, annotation):
    return {
        "@id": f"#annotations-{number}",
        "@type": ["Dataset", "bia:Dataset"],
        "name": annotation.title,
        "description": annotation.overview,
        "associatedAnnotationMethod": [f"#method-{number}"],
        "hasPart": [{"@id": path} for path, _ in annotation.files],
    }


def _files(number, annotation):
    for place, (path, source) in enumerate(annotation.files):
        process = f"#made-{number}-{place}"
        yield {
            "@id": process,
            "@type": "bia:CreationProcess",
            "inputImage": [source],
            "annotationMethod": [f"#method-{number}"],
        }
        yield {
            "@id": path,
            "@type": ["Dataset" if path.endswith((".zarr", ".geff")) else "File", "bia:AnnotationData"],
            "name": annotation.title,
            "resultOf": process,
        }


def crate(study, images, annotations, created):
    """The text of ro-crate-metadata.json. `study`: as in mifa.yaml; `images`: path → (title, description)."""
    authors = [
        {
            "@id": f"#author-{number}",
            "@type": "Person",
            "name": f"{author['first_name']} {author['last_name']}",
        }
        for number, author in enumerate(study["authors"])
    ]
    parts = [IMAGING, *(f"#annotations-{n}" for n in range(len(annotations)))]
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
            "name": study["title"],
            "description": study["description"],
            "license": study["license"],
            "datePublished": created[:10],
            "accessionId": "MIFASCOPE-SAMPLE",
            "keywords": study["keywords"],
            "author": [{"@id": author["@id"]} for author in authors],
            "hasPart": [{"@id": part} for part in parts],
        },
        *authors,
        {
            "@id": IMAGING,
            "@type": ["Dataset", "bia:Dataset"],
            "name": "Images",
            "description": "Simulated and real pictures as OME-Zarr.",
            "hasPart": [{"@id": path} for path in images],
        },
        *(
            {"@id": path, "@type": ["Dataset", "bia:Image"], "name": title, "description": text}
            for path, (title, text) in images.items()
        ),
    ]
    for number, annotation in enumerate(annotations):
        graph += [_method(number, annotation), _dataset(number, annotation)]
        graph += _files(number, annotation)
    context = ["https://w3id.org/ro/crate/1.1/context", BIA]
    return json.dumps({"@context": context, "@graph": graph}, indent=1, ensure_ascii=False) + "\n"
